import type { InviteRecipient } from '../invite-revision.ts'
import { InviteFailure } from './invite-failure.ts'
import { mailAddress } from './mail-address.ts'

/** UTF-16 units; longer is no name, and every unit stands in the mail three times. */
const NAME_UNITS_MAX = 500

type Links = NonNullable<InviteRecipient['links']>

/** A recipient whose values can be written. */
export type CheckedRecipient = {
  readonly address: string
  /** '' when there is none. */
  readonly name: string
  readonly replyAddress: string
  /** Without angle brackets. */
  readonly messageId: string
  readonly sendId: string
  readonly links: Links
}

/** Refuses (bad_recipient) what could break out of its place: CR, LF, NUL anywhere, addresses and ids that are none. */
export function checkedRecipient(recipient: InviteRecipient): CheckedRecipient {
  if (!/^[\w.-]{1,200}$/.test(recipient.sendId)) throw InviteFailure.bad_recipient('sendId is not a token')
  return {
    address: mailAddress(recipient.address),
    name: personName(recipient.name ?? ''),
    replyAddress: mailAddress(recipient.replyAddress),
    messageId: checkedMessageId(recipient.messageId),
    sendId: recipient.sendId,
    links: checkedLinks(recipient.links ?? {}),
  }
}

/** The id of a Message-ID (RFC 5322 §3.6.4) without its angle brackets. */
function checkedMessageId(messageId: string): string {
  const id = messageId.startsWith('<') && messageId.endsWith('>') ? messageId.slice(1, -1) : messageId
  if (!/^[\w!#$%&'*+/=?^`{|}~.-]{1,400}@[\w!#$%&'*+/=?^`{|}~.-]{1,400}$/.test(id)) {
    throw InviteFailure.bad_recipient('messageId is not a message id')
  }
  return id
}

/** Web addresses without what could end an angle bracket, an attribute or a line. */
function checkedLinks(links: Links): Links {
  for (const link of [links.unsubscribeUrl, links.answerUrl, links.abuseUrl]) {
    if (link !== undefined && !/^https?:\/\/[\w!$%&'()*+,./:;=?@~#[\]-]{1,900}$/.test(link)) {
      throw InviteFailure.bad_recipient('link is not a web address')
    }
  }
  const { unsubscribeMailto } = links
  if (
    unsubscribeMailto !== undefined &&
    !/^[\w.-]{1,64}@[\w.-]{1,253}(\?subject=[\w-]{1,200})?$/.test(unsubscribeMailto)
  )
    throw InviteFailure.bad_recipient('unsubscribeMailto is not an address with a subject')
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
