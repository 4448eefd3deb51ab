import { describe, expect, it } from 'vitest'
import type { CalendarTime } from '#shared/icalendar/model.ts'
import { recurrenceText, startText, whenText } from './when-text.ts'

const madrid = (local: string, instant: string): CalendarTime => ({
  kind: 'zoned',
  local,
  tzid: 'Europe/Madrid',
  instant,
})
const utc = (instant: string): CalendarTime => ({ kind: 'utc', instant })
const date = (day: string): CalendarTime => ({ kind: 'date', date: day })

describe('whenText', () => {
  it('shows a zoned event on its own clock with both names of the zone', () => {
    const dtstart = madrid('2026-03-03T10:00:00', '2026-03-03T09:00:00Z')
    const dtend = madrid('2026-03-03T11:00:00', '2026-03-03T10:00:00Z')
    expect(whenText({ dtstart, dtend, rrules: [] })).toBe('Tue 3 Mar 2026, 10:00 – 11:00 (CET, Europe/Madrid)')
    expect(startText({ dtstart })).toBe('Tue 3 Mar 2026 10:00 (CET)')
  })

  it('shows a UTC event in the zone its organizer uses, else in UTC', () => {
    const times = { dtstart: utc('2026-07-03T08:00:00Z'), dtend: utc('2026-07-03T08:30:00Z'), rrules: [] }
    expect(whenText(times)).toBe('Fri 3 Jul 2026, 08:00 – 08:30 (UTC)')
    expect(whenText({ ...times, displayZone: 'Europe/Madrid' })).toBe(
      'Fri 3 Jul 2026, 10:00 – 10:30 (CEST, Europe/Madrid)',
    )
    expect(whenText({ ...times, displayZone: 'Not/AZone' })).toBe('Fri 3 Jul 2026, 08:00 – 08:30 (UTC)')
  })

  it('names both days of an event that ends on another, and no end of one without length', () => {
    const dtstart = utc('2026-03-03T22:00:00Z')
    expect(whenText({ dtstart, dtend: utc('2026-03-04T02:00:00Z'), rrules: [] })).toBe(
      'Tue 3 Mar 2026, 22:00 – Wed 4 Mar 2026, 02:00 (UTC)',
    )
    expect(whenText({ dtstart, dtend: dtstart, rrules: [] })).toBe('Tue 3 Mar 2026, 22:00 (UTC)')
  })

  it('counts the end of an all-day event as exclusive', () => {
    expect(whenText({ dtstart: date('2026-05-03'), dtend: date('2026-05-04'), rrules: [] })).toBe(
      'Sun 3 May 2026 (all day)',
    )
    expect(whenText({ dtstart: date('2026-06-10'), dtend: date('2026-06-13'), rrules: [] })).toBe(
      'Wed 10 Jun 2026 – Fri 12 Jun 2026 (all day)',
    )
  })

  it('shows a floating time as written', () => {
    const dtstart: CalendarTime = { kind: 'floating', local: '2026-03-03T10:00:00' }
    expect(whenText({ dtstart, dtend: dtstart, rrules: [] })).toBe('Tue 3 Mar 2026, 10:00 (local time)')
  })
})

describe('recurrenceText', () => {
  for (const [rrule, words] of [
    ['FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10', 'weekly on Tue, Thu, 10 times'],
    ['FREQ=DAILY', 'daily'],
    ['FREQ=MONTHLY;INTERVAL=3', 'every 3 months'],
    ['FREQ=YEARLY;UNTIL=20300101T000000Z', 'yearly, until Tue 1 Jan 2030'],
    ['FREQ=HOURLY', 'repeats'],
  ] as const)
    it(`says "${words}" of ${rrule}`, () => expect(recurrenceText([rrule])).toBe(words))

  it('says nothing of a single event and only "repeats" of several rules', () => {
    expect(recurrenceText([])).toBe('')
    expect(recurrenceText(['FREQ=DAILY', 'FREQ=WEEKLY'])).toBe('repeats')
  })
})
