import type { CalendarAddress, CalendarObject, Instant, Vevent } from '#shared/icalendar/model.ts'
import type { IncomingReply } from './decisions.ts'

export type ReplyMail = {
  /** From of the mail; undefined when it had none or several. */
  readonly from: string | undefined
  /** The address the token was minted for. */
  readonly invitedAddress: string
  readonly receivedAt?: Instant
}

/** One reply per component, in order: a client that answers two instances at once puts both into one calendar. */
export function incomingReplies(calendar: CalendarObject, mail: ReplyMail): readonly IncomingReply[] {
  return calendar.vevents.map((vevent) => ({
    method: calendar.method,
    vevent,
    attendee: replyAttendee(vevent, mail),
    from: mail.from?.toLowerCase(),
    hasSequence: vevent.hasSequence,
    ...(mail.receivedAt !== undefined && { receivedAt: mail.receivedAt }),
  }))
}

/**
 * The ATTENDEE that answers. RFC 5546 §3.2.3 allows one, or two for a delegation; clients that echo the whole guest list exist, so
 * those who answered come first. Then: the invited address, whom it delegated to, the mail's From, the only one left.
 */
export function replyAttendee(vevent: Vevent, mail: ReplyMail): CalendarAddress | undefined {
  const answering = vevent.attendees.filter((one) => one.partstat !== undefined && one.partstat !== 'NEEDS-ACTION')
  return nearest(answering, mail) ?? nearest(vevent.attendees, mail)
}

function nearest(attendees: readonly CalendarAddress[], mail: ReplyMail): CalendarAddress | undefined {
  const invited = mail.invitedAddress.toLowerCase()
  const isFrom = ({ address }: CalendarAddress) => address.toLowerCase() === mail.from?.toLowerCase()
  const isDelegate = (one: CalendarAddress) =>
    one.delegatedFrom?.some((from) => from.toLowerCase() === invited) ?? false
  return (
    // A delegate answers for himself and carries his delegator's line along (RFC 5546 §4.2.5).
    attendees.find((one) => isDelegate(one) && isFrom(one)) ??
    attendees.find((one) => one.address.toLowerCase() === invited) ??
    attendees.find(isDelegate) ??
    attendees.find(isFrom) ??
    (attendees.length === 1 ? attendees[0] : undefined)
  )
}
