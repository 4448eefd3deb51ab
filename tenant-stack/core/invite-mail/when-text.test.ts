import { describe, expect, it } from 'vitest'
import type { CalendarTime } from '#shared/icalendar/model.ts'
import { words as shipped } from '../mail-template/language.ts'
import { recurrenceText } from './recurrence-text.ts'
import { startText, whenText } from './when-text.ts'

const { dates } = shipped

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
    expect(whenText(dates, { dtstart, dtend, rrules: [] })).toBe('Tue 3 Mar 2026, 10:00 – 11:00 (CET, Europe/Madrid)')
    expect(startText(dates, { dtstart })).toBe('Tue 3 Mar 2026 10:00 (CET)')
  })

  it('shows a UTC event in the zone its organizer uses, else in UTC', () => {
    const times = { dtstart: utc('2026-07-03T08:00:00Z'), dtend: utc('2026-07-03T08:30:00Z'), rrules: [] }
    expect(whenText(dates, times)).toBe('Fri 3 Jul 2026, 08:00 – 08:30 (UTC)')
    expect(whenText(dates, { ...times, displayZone: 'Europe/Madrid' })).toBe(
      'Fri 3 Jul 2026, 10:00 – 10:30 (CEST, Europe/Madrid)',
    )
    expect(whenText(dates, { ...times, displayZone: 'Not/AZone' })).toBe('Fri 3 Jul 2026, 08:00 – 08:30 (UTC)')
  })

  it('names both days of an event that ends on another, and no end of one without length', () => {
    const dtstart = utc('2026-03-03T22:00:00Z')
    expect(whenText(dates, { dtstart, dtend: utc('2026-03-04T02:00:00Z'), rrules: [] })).toBe(
      'Tue 3 Mar 2026, 22:00 – Wed 4 Mar 2026, 02:00 (UTC)',
    )
    expect(whenText(dates, { dtstart, dtend: dtstart, rrules: [] })).toBe('Tue 3 Mar 2026, 22:00 (UTC)')
  })

  it('counts the end of an all-day event as exclusive', () => {
    expect(whenText(dates, { dtstart: date('2026-05-03'), dtend: date('2026-05-04'), rrules: [] })).toBe(
      'Sun 3 May 2026 (all day)',
    )
    expect(whenText(dates, { dtstart: date('2026-06-10'), dtend: date('2026-06-13'), rrules: [] })).toBe(
      'Wed 10 Jun 2026 – Fri 12 Jun 2026 (all day)',
    )
  })

  it('shows a floating time as written', () => {
    const dtstart: CalendarTime = { kind: 'floating', local: '2026-03-03T10:00:00' }
    expect(whenText(dates, { dtstart, dtend: dtstart, rrules: [] })).toBe('Tue 3 Mar 2026, 10:00 (local time)')
  })
})

describe('recurrenceText', () => {
  for (const [rrule, words] of [
    ['FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10', 'weekly on Tue, Thu, 10 times'],
    ['FREQ=DAILY', 'daily'],
    ['FREQ=MONTHLY;INTERVAL=3', 'every 3 months'],
    ['FREQ=YEARLY;UNTIL=20300101T000000Z', 'yearly, until Tue 1 Jan 2030'],
    ['FREQ=HOURLY', 'repeats'],
    ['FREQ=constructor', 'repeats'],
  ] as const)
    it(`says "${words}" of ${rrule}`, () => expect(recurrenceText(dates, [rrule])).toBe(words))

  it('says nothing of a single event and only "repeats" of several rules', () => {
    expect(recurrenceText(dates, [])).toBe('')
    expect(recurrenceText(dates, ['FREQ=DAILY', 'FREQ=WEEKLY'])).toBe('repeats')
  })
})

/** No language of ours: proves that nothing English is left when another one speaks. */
const german: typeof dates = {
  locale: 'de-DE',
  day: (shown) => shown,
  dayAtTime: (day, time) => `${day} ${time} Uhr`,
  dayWithTime: (day, time) => `${day}, ${time} Uhr`,
  span: (from, to) => `${from} bis ${to}`,
  allDay: (days) => `${days} (ganztägig)`,
  localTime: 'Ortszeit',
  repeats: 'wiederholt sich',
  every: (unit, interval) => `${unit === 'WEEKLY' ? 'alle Wochen' : 'alle Tage'}/${interval}`,
  onDays: (every, days) => `${every} am ${days.join(' und ')}`,
  times: (rule, count) => `${rule}, ${count}-mal`,
  until: (rule, day) => `${rule}, bis ${day}`,
}

describe('another language', () => {
  const dtstart = madrid('2026-03-03T10:00:00', '2026-03-03T09:00:00Z')
  const dtend = madrid('2026-03-03T11:00:00', '2026-03-03T10:00:00Z')

  it('says days, months, zones and rules in its own words', () => {
    const rrules = ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=10']
    expect(whenText(german, { dtstart, dtend, rrules })).toBe(
      'Di., 3. März 2026, 10:00 Uhr bis 11:00 (MEZ, Europe/Madrid) · alle Wochen/2 am Di und Do, 10-mal',
    )
    expect(startText(german, { dtstart })).toBe('Di., 3. März 2026 10:00 Uhr (MEZ)')
    expect(recurrenceText(german, ['FREQ=DAILY;UNTIL=20300101T000000Z'])).toBe('alle Tage/1, bis Di., 1. Jan. 2030')
    expect(recurrenceText(german, ['FREQ=HOURLY'])).toBe('wiederholt sich')
  })

  it('says all-day and floating events in its own words', () => {
    expect(whenText(german, { dtstart: date('2026-06-10'), dtend: date('2026-06-13'), rrules: [] })).toBe(
      'Mi., 10. Juni 2026 bis Fr., 12. Juni 2026 (ganztägig)',
    )
    const floating: CalendarTime = { kind: 'floating', local: '2026-03-03T10:00:00' }
    expect(whenText(german, { dtstart: floating, dtend: floating, rrules: [] })).toContain('(Ortszeit)')
  })

  it('leaves English as it is when both are asked in turn', () => {
    whenText(german, { dtstart, dtend, rrules: [] })
    expect(startText(dates, { dtstart })).toBe('Tue 3 Mar 2026 10:00 (CET)')
  })
})
