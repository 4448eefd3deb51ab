import { decodeWords } from '#shared/imip/read/encoded-words.ts'
import { isDeclined, type MailPart } from '#shared/imip/read/mail-part.ts'
import { scanMessage } from '#shared/imip/read/scan-message.ts'

export type SentKind = 'created' | 'failed' | 'invitation' | 'update' | 'cancel' | 'notice'

/** A mail of ours made readable: for people, not for decisions. */
export type ReadSentMail = {
  readonly kind: SentKind
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly text?: string
  readonly html?: string
  readonly calendar?: { readonly method: string; readonly text: string; readonly bytes: Uint8Array }
}

/** Takes one of our own mails apart; what cannot be read is left out, its source is shown anyway. */
export function readSentMail(raw: Uint8Array): ReadSentMail {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const headers = headersOf(bytes)
  const header = (name: string) => headers.find((one) => one.name.toLowerCase() === name)?.value ?? ''
  const scanned = scanMessage(bytes)
  const message = isDeclined(scanned) ? undefined : scanned
  const calendar = calendarOf(message?.parts ?? [])
  const subject = header('subject')
  return {
    kind: kindOf(subject, calendar),
    subject: subject === '' ? '(no subject)' : subject,
    from: header('from'),
    to: header('to'),
    headers,
    ...(message?.text === undefined ? {} : { text: message.text }),
    ...(message?.html === undefined ? {} : { html: message.html() }),
    ...(calendar === undefined ? {} : { calendar }),
  }
}

/** Every field of the header, unfolded and decoded, in its order. */
function headersOf(bytes: Buffer): ReadSentMail['headers'] {
  const end = bytes.indexOf('\r\n\r\n')
  const block = bytes.toString('latin1', 0, end === -1 ? bytes.length : end)
  return block
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1 ? [] : [{ name: line.slice(0, colon), value: decodeWords(line.slice(colon + 1).trim()) }]
    })
}

function calendarOf(parts: readonly MailPart[]): ReadSentMail['calendar'] {
  const part =
    parts.find((one) => one.contentType === 'text/calendar') ??
    parts.find((one) => one.contentType === 'application/ics')
  if (part === undefined) return undefined
  const bytes = part.content()
  const text = bytes.toString('utf8')
  return { method: /^METHOD:(\w+)/m.exec(text)?.[1] ?? '', text, bytes }
}

/** A mail to the organizer answers for create@ (ACCEPTED or DECLINED); one to an attendee requests or cancels. */
function kindOf(subject: string, calendar: ReadSentMail['calendar']): SentKind {
  if (calendar === undefined) return 'notice'
  switch (calendar.method) {
    case 'REPLY':
      return /PARTSTAT=DECLINED/.test(calendar.text) ? 'failed' : 'created'
    case 'CANCEL':
      return 'cancel'
    case 'REQUEST':
      return subject.startsWith('Updated') ? 'update' : 'invitation'
    default:
      return 'notice'
  }
}
