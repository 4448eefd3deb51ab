import { createHash } from 'node:crypto'
import type { MailAddress } from '../disassembled-mail.ts'
import { base64Lines } from './base64.ts'
import { mailboxHeader, parameter, rawHeader, textHeader } from './headers.ts'
import { InviteFailure } from './invite-failure.ts'
import { mailAddress } from './mail-address.ts'
import { mailDate } from './mail-date.ts'
import { quotedPrintable } from './quoted-printable.ts'

/** A small mail of our own to one person: created, failed, confirmation, report. */
export type Notice = {
  readonly from: MailAddress
  readonly to: MailAddress
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Message-ID of the mail this one answers. */
  readonly inReplyTo?: string
  /** Goes as a third alternative; `body` is a whole VCALENDAR whose METHOD is `method`. */
  readonly calendar?: {
    readonly method: 'REPLY' | 'COUNTER' | 'REQUEST' | 'CANCEL' | 'DECLINECOUNTER'
    readonly body: string
  }
  readonly attachments?: readonly {
    readonly filename: string
    readonly contentType: string
    readonly content: Uint8Array
  }[]
  /** RFC 3834: a mail caused by a received mail is `auto-replied`. */
  readonly autoSubmitted: 'auto-replied' | 'auto-generated'
  /** With or without angle brackets. */
  readonly messageId: string
  /** Epoch milliseconds. */
  readonly date: number
  /** Further header fields by name; none of those above. */
  readonly headers?: Readonly<Record<string, string>>
}

const OWN_HEADERS =
  /^(?:from|to|subject|message-id|date|in-reply-to|references|auto-submitted|mime-version|content-.*)$/i

/**
 * The whole MIME message, CRLF line ends: multipart/alternative, inside multipart/mixed when something is attached. Throws
 * `invite.bad_recipient` for an address that mail cannot carry, `invite.bad_value` for any other value that would break out of its place.
 */
export function composeNotice(notice: Notice): Buffer {
  const key = createHash('sha256').update(`${notice.messageId}\n${notice.subject}`).digest('hex').slice(0, 24)
  const alternative = multipart('alternative', `=_a_${key}`, [
    textPart('plain', notice.text),
    textPart('html', notice.html),
    ...(notice.calendar === undefined ? [] : [calendarPart(notice.calendar)]),
  ])
  const attachments = (notice.attachments ?? []).map(attachmentPart)
  const body = attachments.length === 0 ? alternative : multipart('mixed', `=_m_${key}`, [alternative, ...attachments])
  return Buffer.from(noticeHeaders(notice) + body, 'latin1')
}

function noticeHeaders(notice: Notice): string {
  const answered = answeredId(notice.inReplyTo)
  return [
    mailboxHeader('From', { ...notice.from, address: mailAddress(notice.from.address) }),
    mailboxHeader('To', { ...notice.to, address: mailAddress(notice.to.address) }),
    textHeader('Subject', notice.subject),
    rawHeader('Message-ID', ownId(notice.messageId)),
    rawHeader('Date', mailDate(notice.date)),
    ...(answered === undefined ? [] : [rawHeader('In-Reply-To', answered), rawHeader('References', answered)]),
    rawHeader('Auto-Submitted', notice.autoSubmitted),
    ...Object.entries(notice.headers ?? {}).map(furtherHeader),
    rawHeader('MIME-Version', '1.0'),
  ].join('')
}

function furtherHeader([name, value]: [string, string]): string {
  if (OWN_HEADERS.test(name)) throw InviteFailure.bad_value(`header ${JSON.stringify(name)} is the composer's own`)
  return /^[\x20-\x7e]*$/.test(value) ? rawHeader(name, value) : textHeader(name, value)
}

/** Foreign ids come in many shapes. One that fits no header is left out of the answer, one that would end it is refused. */
function answeredId(messageId: string | undefined): string | undefined {
  if (messageId === undefined) return undefined
  if (/[\r\n\0]/.test(messageId)) throw InviteFailure.bad_value('inReplyTo holds a line break or NUL')
  const id = messageId.trim().replace(/^<|>$/g, '')
  return isMessageId(id) ? `<${id}>` : undefined
}

function ownId(messageId: string): string {
  const id = messageId.replace(/^<|>$/g, '')
  if (!isMessageId(id)) throw InviteFailure.bad_value('messageId is not a message id')
  return `<${id}>`
}

function isMessageId(id: string): boolean {
  return /^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/.test(id)
}

function multipart(subtype: string, boundary: string, parts: readonly string[]): string {
  const inner = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${inner}--${boundary}--\r\n`
}

function textPart(subtype: string, text: string): string {
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}`
}

function calendarPart({ method, body }: NonNullable<Notice['calendar']>): string {
  const said = /^METHOD:(.*?)\r?$/m.exec(body)?.[1]
  // Exchange refuses a mail whose method parameter and METHOD differ (RFC 6047 §2.4).
  if (said !== method) throw InviteFailure.bad_value(`calendar says METHOD ${said ?? 'nothing'}, not ${method}`)
  return `Content-Type: text/calendar; charset=utf-8; method=${method}\r\n${base64Body(Buffer.from(body, 'utf8'))}`
}

function attachmentPart({ filename, contentType, content }: NonNullable<Notice['attachments']>[number]): string {
  if (!/^[a-z]+\/[a-z0-9.+-]+(?:; charset=[a-z0-9-]+)?$/.test(contentType)) {
    throw InviteFailure.bad_value('not a content type')
  }
  const type = `Content-Type: ${contentType}${parameter('name', filename)}`
  return `${type}\r\nContent-Disposition: attachment${parameter('filename', filename)}\r\n${base64Body(content)}`
}

function base64Body(octets: Uint8Array): string {
  return `Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(octets)}`
}
