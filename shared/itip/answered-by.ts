import type { CalendarAddress } from '#shared/icalendar/model.ts'
import type { AnsweredBy, IncomingReply, ReplyContext } from './decisions.ts'

/** Providers that ignore dots in the local part, under both of their names. */
const DOTLESS_DOMAINS: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com'])

type Invited = Pick<ReplyContext, 'invitedAddress' | 'invitedName'>

/**
 * Who answered with the link that was sent to `invited`: the answer is always recorded on the invited attendee, the relation only
 * tells the organizer what happened (row 44). An address proves nothing here; the token in the envelope does.
 */
export function answeredBy({ attendee, from }: Pick<IncomingReply, 'attendee' | 'from'>, invited: Invited): AnsweredBy {
  const invitedAddress = invited.invitedAddress.toLowerCase()
  const mailFrom = from?.toLowerCase() ?? ''
  const named = attendee?.address.toLowerCase() ?? ''
  const address = named === '' ? mailFrom : named
  if (attendee !== undefined && address === invitedAddress)
    return answeredForInvited(attendee, invitedAddress, mailFrom)
  if (address === '' || address === invitedAddress) return { address: invitedAddress, relation: 'self' }
  if (attendee?.delegatedFrom?.some((delegator) => delegator.toLowerCase() === invitedAddress)) {
    return { address, relation: 'delegate' }
  }
  // Sent from the invited mailbox itself: his client writes another of his addresses into ATTENDEE.
  const isHis = mailFrom === invitedAddress || isLikelyAlias(address, invitedAddress)
  const isNamesake = isSameName(attendee?.name, invited.invitedName)
  return { address, relation: isHis || isNamesake ? 'alias_or_forward' : 'someone_else' }
}

function answeredForInvited(attendee: CalendarAddress, invitedAddress: string, mailFrom: string): AnsweredBy {
  if (mailFrom === '' || mailFrom === invitedAddress) return { address: invitedAddress, relation: 'self' }
  const isSentBy = attendee.sentBy?.toLowerCase() === mailFrom
  return { address: mailFrom, relation: isSentBy ? 'sent_by' : 'alias_or_forward' }
}

/** `bob+x@`, Gmail's dots, `bob@mail.example.com` for `bob@example.com`, or the same name at another domain. */
function isLikelyAlias(a: string, b: string): boolean {
  const [localA, localB] = [baseLocalPart(a), baseLocalPart(b)]
  return localA !== '' && localA === localB
}

function baseLocalPart(address: string): string {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(at, 0)).split('+')[0] ?? ''
  return DOTLESS_DOMAINS.has(address.slice(at + 1)) ? local.replaceAll('.', '') : local
}

function isSameName(a: string | undefined, b: string | undefined): boolean {
  const words = (name: string | undefined) =>
    (name ?? '')
      .toLowerCase()
      .split(/[\s,.]+/u)
      .filter(Boolean)
      .toSorted()
      .join(' ')
  return words(a) !== '' && words(a) === words(b)
}
