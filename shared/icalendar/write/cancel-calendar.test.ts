import { describe, expect, it } from 'vitest'
import { isFailure } from '#shared/errors/failure.ts'
import type { CalendarRevision } from './calendar-revision.ts'
import { inviteCalendar } from './invite-calendar.ts'
import { linesOf, madrid, recurring, revisionOf, seriesOf, veventOf } from './revision.fixture.ts'

const weekly = seriesOf({ master: veventOf({ recurrence: recurring('FREQ=WEEKLY;BYDAY=TU') }) })

describe('a cancel', () => {
  it('of the series is its master alone, cancelled', () => {
    const override = veventOf({
      recurrenceId: madrid('2026-03-10T10:00:00', '2026-03-10T09:00:00Z'),
      recurrenceKey: '2026-03-10T09:00:00Z',
    })
    const lines = linesOf(revisionOf({ ...weekly, overrides: [override] }, { method: 'CANCEL' }))
    expect(lines).toEqual(
      expect.arrayContaining([
        'METHOD:CANCEL',
        'STATUS:CANCELLED',
        'SEQUENCE:2',
        'X-MICROSOFT-CDO-APPT-SEQUENCE:2',
        'UID:evt_01@events.example.com',
      ]),
    )
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1)
    expect(lines.some((line) => line.startsWith('RECURRENCE-ID'))).toBe(false)
  })

  it('of instances is those alone, each with its RECURRENCE-ID and its own times across a change of offset', () => {
    const lines = linesOf(
      revisionOf(weekly, { method: 'CANCEL', onlyRecurrenceKeys: ['2026-03-24T09:00:00Z', '2026-03-31T08:00:00Z'] }),
    )
    expect(lines.filter((line) => /^(?:DTSTART;|DTEND|RECURRENCE-ID|RRULE:FREQ=WEEKLY|STATUS)/.test(line))).toEqual([
      'DTSTART;TZID=Europe/Madrid:20260324T100000',
      'DTEND;TZID=Europe/Madrid:20260324T110000',
      'RECURRENCE-ID;TZID=Europe/Madrid:20260324T100000',
      'STATUS:CANCELLED',
      'DTSTART;TZID=Europe/Madrid:20260331T100000',
      'DTEND;TZID=Europe/Madrid:20260331T110000',
      'RECURRENCE-ID;TZID=Europe/Madrid:20260331T100000',
      'STATUS:CANCELLED',
    ])
  })

  it('of an instance that had been moved shows the times it was moved to', () => {
    const moved = veventOf({
      recurrenceId: madrid('2026-03-10T10:00:00', '2026-03-10T09:00:00Z'),
      recurrenceKey: '2026-03-10T09:00:00Z',
      dtstart: madrid('2026-03-11T12:00:00', '2026-03-11T11:00:00Z'),
      dtend: madrid('2026-03-11T13:00:00', '2026-03-11T12:00:00Z'),
    })
    const lines = linesOf(
      revisionOf({ ...weekly, overrides: [moved] }, { method: 'CANCEL', onlyRecurrenceKeys: ['2026-03-10T09:00:00Z'] }),
    )
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART;TZID=Europe/Madrid:20260311T120000',
        'RECURRENCE-ID;TZID=Europe/Madrid:20260310T100000',
      ]),
    )
  })
})

describe('what cannot be written is named', () => {
  const codeOf = (revision: CalendarRevision) => {
    try {
      inviteCalendar(revision)
    } catch (error) {
      return isFailure(error) ? error.code : error
    }
    return 'written'
  }

  it('calendar.nothing_to_write: a series whose instances are all called off', () => {
    expect(codeOf(revisionOf(seriesOf()))).toBe('calendar.nothing_to_write')
    expect(codeOf(revisionOf(seriesOf({ overrides: [veventOf({ status: 'CANCELLED', recurrenceKey: 'x' })] })))).toBe(
      'calendar.nothing_to_write',
    )
  })

  it('calendar.unknown_zone: a series in a zone that nobody describes', () => {
    const dtstart = {
      kind: 'zoned',
      local: '2026-03-03T10:00:00',
      tzid: 'Mars/Olympus',
      instant: '2026-03-03T10:00:00Z',
    } as const
    expect(
      codeOf(
        revisionOf(seriesOf({ master: veventOf({ dtstart, dtend: dtstart, recurrence: recurring('FREQ=DAILY') }) })),
      ),
    ).toBe('calendar.unknown_zone')
  })
})
