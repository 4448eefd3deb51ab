import type { CalendarAddress } from '#shared/icalendar/model.ts'
import type { MailAddress } from '../disassembled-mail.ts'
import { domainOf } from './alignment.ts'
import { isUnread } from './robots.ts'

/** What a mail says of its origin beyond the From that was authenticated; addresses in lower case. */
export type OriginShape = {
  readonly from: string
  readonly replyTo: readonly MailAddress[]
  readonly organizer: CalendarAddress | undefined
}

export type ExceptionName = 'google_secondary_calendar' | 'google_notification' | 'icloud_relay' | 'sent_by'

type IdentityException = {
  readonly name: ExceptionName
  /** The human behind the mail when the row applies; undefined when it does not. */
  readonly human: (shape: OriginShape) => string | undefined
  /** `full`: he is believed at once. `on_confirmation`: the mail is the service's, so only his own click makes it his. */
  readonly trust: 'full' | 'on_confirmation'
}

/** The cases in which a client, not a forger, makes From and ORGANIZER differ. The first row that applies decides. */
export const IDENTITY_EXCEPTIONS: readonly IdentityException[] = [
  {
    // iCloud sends for its users from one mailbox and names a relay as ORGANIZER; the human is in the EMAIL parameter, which our
    // reader puts into `address`. Apple writes both, so Apple's own authenticated From vouches for them.
    name: 'icloud_relay',
    human: ({ from, organizer }) =>
      from === 'noreply@insideicloud.icloud.com' ? personOf(organizer?.address) : undefined,
    trust: 'full',
  },
  {
    // A Google event on a secondary or group calendar has the calendar as ORGANIZER; the person who made it is in From.
    name: 'google_secondary_calendar',
    human: ({ from, organizer }) =>
      domainOf(organizer?.address ?? '') === 'group.calendar.google.com' ? personOf(from) : undefined,
    trust: 'full',
  },
  {
    // Where Google does not write the person into From, it leaves him in Reply-To: a header we trust only as far as a question to him.
    name: 'google_notification',
    human: ({ from, replyTo }) => {
      const isGoogles = from === 'calendar-notification@google.com' || domainOf(from) === 'group.calendar.google.com'
      return isGoogles && replyTo.length === 1 ? personOf(replyTo[0]?.address) : undefined
    },
    trust: 'on_confirmation',
  },
  {
    // An assistant writes for somebody: ORGANIZER is the chief, SENT-BY the assistant. Anyone can claim a chief, so the event is the
    // assistant's, whose From was authenticated.
    name: 'sent_by',
    human: ({ from, organizer }) =>
      organizer?.sentBy?.toLowerCase() === from && organizer.address.toLowerCase() !== from
        ? personOf(from)
        : undefined,
    trust: 'full',
  },
]

function personOf(address: string | undefined): string | undefined {
  const lower = address?.toLowerCase() ?? ''
  return lower === '' || isUnread(lower) ? undefined : lower
}
