import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { CalendarTimeRow, resetSequenceOf } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'

/** Of one attendee and event, on one UTC day: a person who thinks again. More are kept, and the organizer is not asked. */
export const OFFERED_PER_ATTENDEE_MAX = 5
/** Of all attendees of an event together: more nobody reads; the organizer finds them in his list. */
export const OFFERED_PER_EVENT_MAX = 100

const Span = z.object({ dtstart: CalendarTimeRow, dtend: CalendarTimeRow })

/**
 * Another time that an attendee proposes (RFC 5546 §3.2.7). `open` → `accepting` → `accepted`, or `open` → `declined`; a newer one of the same
 * attendee for the same date makes it `replaced`. `stale` is for a time that is no more, `not_offered` is kept and nobody asked.
 */
export const Proposal = z.object({
  proposalId: z.string(),
  eventId: z.string(),
  invitationId: z.string(),
  state: z.enum(['open', 'accepting', 'accepted', 'declined', 'replaced', 'stale', 'not_offered']),
  /** Of the state that it answers. */
  sequence: z.number(),
  /** Of one date of a series. */
  recurrenceKey: z.string().optional(),
  recurrenceId: CalendarTimeRow.optional(),
  /** Of a whole series, which moves in the organizer's own calendar alone. */
  isWholeSeries: z.boolean(),
  from: Span,
  to: Span,
  comment: z.string().optional(),
  /** Who wrote it: the attendee, or somebody who has his link. */
  proposedBy: z.string(),
  dtstamp: z.string(),
  mailId: z.string(),
  createdAt: z.number(),
  decidedAt: z.number().optional(),
  decidedBy: z.enum(['link', 'api']).optional(),
  /** SEQUENCE of the revision that took it over. */
  acceptedSequence: z.number().optional(),
})
export type Proposal = z.infer<typeof Proposal>
export type Span = z.infer<typeof Span>

export const ProposalFailure = defineFailures('proposal', {
  not_found: { status: 404, retry: false },
  /** It was decided otherwise, or another has taken its place. */
  decided: { status: 409, retry: false },
  /** The event has another time by now, or is cancelled. */
  stale: { status: 409, retry: false },
  whole_series: { status: 409, retry: false },
})

const EVENT_CHARS = 26
const TIME_DIGITS = 12
const OWN_DIGITS = 20
const ID = /^prp_[0-9a-z]{26}[0-9a-f]{32}$/

/** The same for a second run of the same mail; names its event, and sorts by time within it. */
export function proposalIdOf(
  ctx: Ctx,
  input: {
    readonly eventId: string
    readonly invitationId: string
    readonly receivedAt: number
    readonly name: string
  },
): string {
  const time = input.receivedAt.toString(16).padStart(TIME_DIGITS, '0')
  const own = ctx.sha256(`${input.invitationId}\n${input.name}`).slice(0, OWN_DIGITS)
  return `prp_${input.eventId.slice(-EVENT_CHARS)}${time}${own}`
}

/** Where it lies; undefined for what is no id of ours. */
export function proposalKey(proposalId: string): { readonly pk: string; readonly sk: string } | undefined {
  if (!ID.test(proposalId)) return undefined
  return { pk: `event#evt_${proposalId.slice(4, 4 + EVENT_CHARS)}`, sk: `prop#${proposalId}` }
}

/** Throws `proposal.not_found`. */
export function keyOf(proposalId: string): { readonly pk: string; readonly sk: string } {
  const key = proposalKey(proposalId)
  if (key === undefined) throw ProposalFailure.not_found('There is no such proposal.')
  return key
}

const NOTICE = 'ntc_proposal-'

/** Names the one mail that asks the organizer about it. */
export function proposalNoticeId(proposalId: string): string {
  return `${NOTICE}${proposalId}`
}

/** The proposal that a notice asks about; undefined for any other notice. */
export function noticedProposalId(noticeId: string): string | undefined {
  return noticeId.startsWith(NOTICE) ? noticeId.slice(NOTICE.length) : undefined
}

/** As it stands against the event now: an open one is stale once the time that it answers is no more. */
export function standingState(proposal: Proposal, calendarEvent: CalendarEvent): Proposal['state'] {
  return proposal.state === 'open' && isStale(proposal, calendarEvent) ? 'stale' : proposal.state
}

export function isStale({ sequence, recurrenceKey }: Proposal, calendarEvent: CalendarEvent): boolean {
  return calendarEvent.status === 'cancelled' || sequence < resetSequenceOf(calendarEvent, recurrenceKey)
}
