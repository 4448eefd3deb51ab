import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'

export const CalendarTimeRow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('date'), date: z.string() }),
  z.object({ kind: z.literal('utc'), instant: z.string() }),
  z.object({ kind: z.literal('zoned'), local: z.string(), tzid: z.string(), instant: z.string() }),
  z.object({ kind: z.literal('floating'), local: z.string() }),
])

/** One event as its row stands: identity, current revision, and what lists show. The series lies in Blobs. */
export const CalendarEvent = z.object({
  eventId: z.string(),
  /** Ours, `<eventId>@<domain>`: the same for the event's life. */
  uid: z.string(),
  /** The client's own UID, never sent to attendees. */
  clientUid: z.string(),
  clientSequence: z.number(),
  clientDtstamp: z.string(),
  organizerAddress: z.string(),
  organizerName: z.string(),
  status: z.enum(['confirmed', 'cancelled']),
  /** SEQUENCE and DTSTAMP of the current sent revision. */
  sequence: z.number(),
  dtstamp: z.string(),
  /** Answers to a lower SEQUENCE count no more: it changed the time (RFC 5546 §2.1.4). */
  lastResetSequence: z.number(),
  /** The same for single instances whose own time changed, by recurrence key. */
  instanceResets: z.record(z.string(), z.number()).optional(),
  /** The last revision that says everything; it supersedes fan-outs before it. A cancel of instances does not. */
  lastWholeSequence: z.number(),
  subject: z.string(),
  dtstart: CalendarTimeRow,
  dtend: CalendarTimeRow,
  /** IANA zone that times written in UTC are shown in: the calendar's or the organizer's. */
  displayZone: z.string().optional(),
  /** When the last date of the series begins, epoch milliseconds; far off for one without end. Absent in rows of before it was kept. */
  lastStartsAt: z.number().optional(),
  isAllDay: z.boolean(),
  /** Empty when there is none. */
  location: z.string(),
  rrules: z.array(z.string()),
  client: z.enum(['google', 'outlook', 'apple', 'yahoo', 'other', 'api']),
  warnings: z.array(z.string()),
  /** The organizer's other attendees: counted, never invited. */
  otherAttendeeCount: z.number(),
  /** The series (and its sendable form) of the current revision. */
  seriesBlobKey: z.string(),
  createdByMailId: z.string(),
  lastMailId: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  audience: z.enum(['responded', 'attending', 'everyone']).optional(),
})
export type CalendarEvent = z.infer<typeof CalendarEvent>

/** One sent state of an event. `request` and `cancel` say everything; `cancel_instances` only calls some off. */
export const EventRevision = z.object({
  eventId: z.string(),
  sequence: z.number(),
  dtstamp: z.string(),
  kind: z.enum(['request', 'cancel', 'cancel_instances']),
  recurrenceKeys: z.array(z.string()),
  changed: z.array(z.string()),
  resetsAnswers: z.boolean(),
  seriesBlobKey: z.string(),
  mailId: z.string(),
  createdAt: z.number(),
})
export type EventRevision = z.infer<typeof EventRevision>

export const CalendarEventFailure = defineFailures('event', {
  not_found: { status: 404, retry: false },
  cancelled: { status: 409, retry: false },
  /** What it would become is no event; the errors say where. */
  invalid: { status: 422, retry: false },
  /** It is at another SEQUENCE than the request was made from. */
  changed: { status: 412, retry: false },
  not_an_occurrence: { status: 422, retry: false },
  /** Single dates without a series: only a calendar can change those. */
  instances_only: { status: 409, retry: false },
  too_large: { status: 413, retry: false },
  bad_cursor: { status: 400, retry: false },
})

/** The SEQUENCE below which an answer counts no more, for the series or for one instance. */
export function resetSequenceOf(calendarEvent: CalendarEvent, recurrenceKey: string | undefined): number {
  const ofInstance = recurrenceKey === undefined ? undefined : calendarEvent.instanceResets?.[recurrenceKey]
  return Math.max(calendarEvent.lastResetSequence, ofInstance ?? 0)
}

export function eventKey(eventId: string) {
  return { pk: `event#${eventId}`, sk: 'event' }
}

export function revisionKey(eventId: string, sequence: number) {
  return { pk: `event#${eventId}`, sk: `rev#${String(sequence).padStart(10, '0')}` }
}
