import type { Instant, Partstat, Series } from '#shared/icalendar/model.ts'

/** One sent state of an event: everything that is the same for all its attendees. SEQUENCE and DTSTAMP are minted with it. */
export type InviteRevision = {
  readonly method: 'REQUEST' | 'CANCEL'
  readonly uid: string
  readonly sequence: number
  readonly dtstamp: Instant
  readonly domainName: string
  readonly organizerName: string
  /** For CANCEL of single instances: only these components are written, each with its RECURRENCE-ID; else the whole series. */
  readonly onlyRecurrenceKeys?: readonly string[]
  readonly series: Series
  /** The mail's own text, already merged; CRLF or LF. `subject` is unfolded and unencoded. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What differs from mail to mail. */
export type InviteRecipient = {
  readonly address: string
  readonly name?: string
  /** `r-<token>@domain`: From and ORGANIZER of this attendee's copy. */
  readonly replyAddress: string
  readonly partstat: Partstat
  readonly sendId: string
  /** With or without angle brackets. */
  readonly messageId: string
  /** The Date header, epoch milliseconds; absent: the revision's DTSTAMP. */
  readonly date?: number
  /** This attendee's own links: fill the slots of the text; `unsubscribeUrl` also gives the headers of RFC 8058. */
  readonly links?: {
    readonly unsubscribeUrl?: string
    /** Address and subject (RFC 6068, without the scheme), for clients that unsubscribe by mail. */
    readonly unsubscribeMailto?: string
    /** Of the page where he answers who has no calendar to answer with. */
    readonly answerUrl?: string
    readonly abuseUrl?: string
  }
}

/** A revision made ready: `splice` writes one personal mail and costs little more than copying its bytes. */
export interface CompiledInvite {
  /** A complete MIME message, CRLF line ends. Throws `invite.bad_recipient` when a value cannot be written safely. */
  splice(recipient: InviteRecipient): Buffer
}
