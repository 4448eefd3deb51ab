import type { DisassembledMail, MailAddress } from '#shared/imip/disassembled-mail.ts'
import { addressesOf } from './addresses.ts'
import { decodeWords } from './encoded-words.ts'
import { firstField } from './header-block.ts'
import { HEADER_TEXT_MAX, REFERENCES_MAX } from './limits.ts'
import { mailDate } from './mail-date.ts'
import type { HeaderField } from './mail-part.ts'

export type MailHeaders = Pick<
  DisassembledMail,
  | 'messageId'
  | 'references'
  | 'subject'
  | 'date'
  | 'from'
  | 'sender'
  | 'replyTo'
  | 'to'
  | 'returnPath'
  | 'autoSubmitted'
  | 'precedence'
  | 'isListMail'
> & { readonly isAutoReply: boolean; readonly isSuppressingReplies: boolean }

/** The first word of a field, lower case, without parameters or comments. */
function keyword(fields: readonly HeaderField[], name: string): string | undefined {
  const value = firstField(fields, name)
  if (value === undefined) return undefined
  return /^[^\s;(]*/.exec(value.trim().toLowerCase())?.[0] ?? ''
}

function messageIdOf(value: string): string | undefined {
  const plain = value.trim().slice(0, HEADER_TEXT_MAX)
  if (plain === '') return undefined
  return plain.startsWith('<') ? plain : `<${plain}>`
}

/** In-Reply-To names the mail that is answered; the last of References is the nearest (RFC 5322 §3.6.4). */
function referencesOf(fields: readonly HeaderField[]): readonly string[] {
  const idsOf = (name: string) => firstField(fields, name)?.match(/<[^<>\s]{1,998}>/g) ?? []
  return [...new Set([...idsOf('in-reply-to'), ...idsOf('references').toReversed()])].slice(0, REFERENCES_MAX)
}

/** Return-Path without its angle brackets; '' is the null reverse-path. */
function pathOf(value: string): string {
  const match = /<([^<>]*)>/.exec(value)
  return (match?.[1] ?? value).trim().slice(0, HEADER_TEXT_MAX)
}

/** RFC 3834 §5 first, then what older responders write instead. */
function isAutoReply(
  fields: readonly HeaderField[],
  autoSubmitted: string | undefined,
  precedence: string | undefined,
): boolean {
  if (autoSubmitted === 'auto-replied' || autoSubmitted === 'auto-notified') return true
  if (precedence === 'auto_reply') return true
  return ['x-autoreply', 'x-autorespond'].some((name) => {
    const value = keyword(fields, name)
    return value !== undefined && value !== 'no' && value !== ''
  })
}

/** What the pipelines read of a message's header. */
export function readMailHeaders(fields: readonly HeaderField[]): MailHeaders {
  const autoSubmitted = keyword(fields, 'auto-submitted')
  const precedence = keyword(fields, 'precedence')
  const subject = firstField(fields, 'subject')
  const messageId = messageIdOf(firstField(fields, 'message-id') ?? '')
  const date = mailDate(firstField(fields, 'date') ?? '')
  const sender: MailAddress | undefined = addressesOf(fields, 'sender')[0]
  const returnPath = firstField(fields, 'return-path')
  const isListed = fields.some(({ name }) => name === 'list-id' || name === 'list-post' || name === 'list-unsubscribe')
  const references = referencesOf(fields)
  const suppressed = firstField(fields, 'x-auto-response-suppress')?.toLowerCase() ?? ''
  return {
    from: addressesOf(fields, 'from'),
    replyTo: addressesOf(fields, 'reply-to'),
    to: addressesOf(fields, 'to'),
    isListMail: isListed || precedence === 'list',
    isAutoReply: isAutoReply(fields, autoSubmitted, precedence),
    isSuppressingReplies: suppressed.includes('all') && autoSubmitted !== undefined && autoSubmitted !== 'no',
    ...(subject === undefined ? {} : { subject: decodeWords(subject).slice(0, HEADER_TEXT_MAX) }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(references.length === 0 ? {} : { references }),
    ...(date === undefined ? {} : { date }),
    ...(sender ? { sender } : {}),
    ...(returnPath === undefined ? {} : { returnPath: pathOf(returnPath) }),
    ...(autoSubmitted === undefined ? {} : { autoSubmitted }),
    ...(precedence === undefined ? {} : { precedence }),
  }
}
