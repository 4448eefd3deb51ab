import { defineFailures } from '#shared/errors/failure.ts'
import type { Instant, RecurrenceKey, Series } from '../model.ts'

/** One sent state of a series: what is the same for all attendees. */
export type CalendarRevision = {
  readonly method: 'REQUEST' | 'CANCEL'
  readonly uid: string
  readonly sequence: number
  readonly dtstamp: Instant
  /** For CANCEL of single instances; absent: the whole series. */
  readonly onlyRecurrenceKeys?: readonly RecurrenceKey[]
  readonly series: Series
  /** For anybody, not for an attendee: METHOD:PUBLISH (RFC 5546 §3.2.1), and the same content. */
  readonly isPublished?: true
}

export const CalendarFailure = defineFailures('calendar', {
  /** No VEVENT is left to write: every instance is called off, or the series is empty. */
  nothing_to_write: { status: 422, retry: false },
  /** A TZID that neither the runtime nor the series' own zones describe. */
  unknown_zone: { status: 422, retry: false },
})
