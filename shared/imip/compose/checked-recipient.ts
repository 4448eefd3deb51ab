import type { InviteRecipient } from '../invite-revision.ts'
import { ATOM_DOTS, isAllOf, NAME, TOKEN } from './ascii-classes.ts'
import { InviteFailure } from './invite-failure.ts'
import { isSimpleAddress, mailAddress } from './mail-address.ts'

/** UTF-16 units; longer is no name, and every unit stands in the mail three times. */
const NAME_UNITS_MAX = 500

/** Of a quoted-string that needs neither escaping nor encoding, and fits the header line and the calendar line. */
const SIMPLE_NAME_UNITS_MAX = 59

type Links = NonNullable<InviteRecipient['links']>

const NO_LINKS: Links = {}

const TOKEN_UNITS_MAX = 200

/** With its header name it must fit a line (RFC 5322 §2.1.1). */
const MESSAGE_ID_UNITS_MAX = 900

/** A recipient whose values can be written. */
export type CheckedRecipient = {
  readonly address: string
  /** '' when there is none. */
  readonly name: string
  readonly replyAddress: string
  /** Without angle brackets. */
  readonly messageId: string
  readonly links: Links
  /** Nothing to escape, fold specially or encode anywhere: the fast path takes it. */
  readonly isSimple: boolean
}

/** Refuses (bad_recipient) what could break out of its place: CR, LF, NUL anywhere, addresses and ids that are none. */
export function checkedRecipient(recipient: InviteRecipient): CheckedRecipient {
  if (!isToken(recipient.sendId)) throw InviteFailure.bad_recipient('sendId is not a token')
  const { address, replyAddress, name = '' } = recipient
  const messageId = checkedMessageId(recipient.messageId)
  const links = recipient.links === undefined ? NO_LINKS : checkedLinks(recipient.links)
  const isPlainName = isSimpleName(name)
  if (isPlainName && isSimpleAddress(address) && isSimpleAddress(replyAddress)) {
    return { address, name, replyAddress, messageId, links, isSimple: true }
  }
  return {
    address: mailAddress(address),
    name: isPlainName ? name : personName(name),
    replyAddress: mailAddress(replyAddress),
    messageId,
    links,
    isSimple: false,
  }
}

/** The id of a Message-ID (RFC 5322 §3.6.4) without its angle brackets. */
function checkedMessageId(messageId: string): string {
  const id = messageId.startsWith('<') && messageId.endsWith('>') ? messageId.slice(1, -1) : messageId
  const at = id.indexOf('@')
  if (at < 1 || at === id.length - 1 || id.length > MESSAGE_ID_UNITS_MAX || !isMessageId(id, at)) {
    throw InviteFailure.bad_recipient('messageId is not a message id')
  }
  return id
}

function isMessageId(id: string, at: number): boolean {
  return isAllOf(ATOM_DOTS, id, 0, at) && isAllOf(ATOM_DOTS, id, at + 1)
}

/** Web addresses without what could end an angle bracket, an attribute or a line. */
function checkedLinks(links: Links): Links {
  for (const link of [links.unsubscribeUrl, links.abuseUrl]) {
    if (link !== undefined && !/^https?:\/\/[\w!$%&'()*+,./:;=?@~#[\]-]{1,900}$/.test(link)) {
      throw InviteFailure.bad_recipient('link is not a web address')
    }
  }
  return links
}

function personName(name: string): string {
  if (/[\r\n\0]/.test(name)) throw InviteFailure.bad_recipient('name holds a line break or NUL')
  if (name.length > NAME_UNITS_MAX) throw InviteFailure.bad_recipient(`name is longer than ${NAME_UNITS_MAX}`)
  return name
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim()
}

/** Nothing to escape, and no spaces that folding or trimming would touch. */
function isSimpleName(name: string): boolean {
  if (name.length > SIMPLE_NAME_UNITS_MAX || !isAllOf(NAME, name)) return false
  return !name.startsWith(' ') && !name.endsWith(' ') && !name.includes('  ')
}

function isToken(text: string): boolean {
  return text.length > 0 && text.length <= TOKEN_UNITS_MAX && isAllOf(TOKEN, text)
}
