import type { CalendarTime, Recurrence, Series, Vevent } from '../model.ts'
import type { CalendarRevision } from './calendar-revision.ts'
import { foldLine } from './fold.ts'
import { inviteCalendar } from './invite-calendar.ts'
import { attendeeLine, organizerLine } from './personal-lines.ts'

export const madrid = (local: string, instant: string): CalendarTime => ({
  kind: 'zoned',
  local,
  tzid: 'Europe/Madrid',
  instant,
})

export function veventOf(change: Partial<Vevent> = {}): Vevent {
  return {
    uid: 'client-uid@example.com',
    sequence: 3,
    hasSequence: true,
    dtstamp: '2026-02-01T00:00:00Z',
    dtstart: madrid('2026-03-03T10:00:00', '2026-03-03T09:00:00Z'),
    dtend: madrid('2026-03-03T11:00:00', '2026-03-03T10:00:00Z'),
    isAllDay: false,
    summary: 'Spring launch',
    status: 'CONFIRMED',
    transp: 'OPAQUE',
    attendees: [],
    attendeeCount: 0,
    contentHash: 'x',
    ...change,
  }
}

export function recurring(rrule: string, change: Partial<Recurrence> = {}): Recurrence {
  return { rrules: [rrule], rdates: [], exdates: [], ...change }
}

export function seriesOf(change: Partial<Series> = {}): Series {
  return { uid: 'client-uid@example.com', overrides: [], cancelled: [], customZones: [], ...change }
}

export function revisionOf(series: Series, change: Partial<CalendarRevision> = {}): CalendarRevision {
  return {
    method: 'REQUEST',
    uid: 'evt_01@events.example.com',
    sequence: 2,
    dtstamp: '2026-02-20T09:15:00Z',
    series,
    ...change,
  }
}

/** The whole text with one attendee's lines in it. */
export function textOf(revision: CalendarRevision): string {
  const { pieces, uidLine } = inviteCalendar(revision)
  const organizer = foldLine(organizerLine({ address: 'r-token@events.example.com', name: 'Ana Diaz' }))
  const attendee = foldLine(attendeeLine({ address: 'bob@example.com', name: 'Bob', partstat: 'NEEDS-ACTION' }))
  return pieces.join(organizer + uidLine + attendee)
}

export function linesOf(revision: CalendarRevision): string[] {
  return textOf(revision).replaceAll('\r\n ', '').split('\r\n')
}
