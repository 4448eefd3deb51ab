import { describe, expect, it } from 'vitest'
import type { CalendarObject } from '../model.ts'
import { calendarText, onlyCalendar, onlyVevent, veventLines, veventOf } from '../testing/calendar-text.ts'
import { cleanRule } from './clean-rule.ts'
import { parseCalendars } from './parse-calendars.ts'

const calendarOf = (...lines: readonly string[]): CalendarObject => onlyCalendar(calendarText(...veventLines(...lines)))

describe('a rule is cleaned', () => {
  it.each([
    ['FREQ=WEEKLY;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=MO', false],
    ['freq=weekly;byday=mo,tu', 'FREQ=WEEKLY;BYDAY=MO,TU', true],
    ['FREQ=WEEKLY; BYDAY=MO, TU', 'FREQ=WEEKLY;BYDAY=MO,TU', true],
    ['FREQ=WEEKLY;BYDAY=MO;', 'FREQ=WEEKLY;BYDAY=MO', true],
    ['BYDAY=MO;FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=MO', true],
    ['RRULE:FREQ=DAILY', 'FREQ=DAILY', true],
    ['FREQ=WEEKLY;X-ODD=1;BYEASTER=0', 'FREQ=WEEKLY', true],
    ['FREQ=WEEKLY;BYDAY=2MO', 'FREQ=WEEKLY;BYDAY=MO', true],
    ['FREQ=MONTHLY;BYDAY=+2MO,-1FR', 'FREQ=MONTHLY;BYDAY=2MO,-1FR', true],
    ['FREQ=MONTHLY;BYDAY=XX', 'FREQ=MONTHLY', true],
    ['FREQ=MONTHLY;BYMONTHDAY=0,15,32,-1', 'FREQ=MONTHLY;BYMONTHDAY=15,-1', true],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'FREQ=WEEKLY', true],
    ['FREQ=DAILY;BYYEARDAY=3', 'FREQ=DAILY', true],
    ['FREQ=MONTHLY;BYWEEKNO=3', 'FREQ=MONTHLY', true],
    ['FREQ=DAILY;INTERVAL=0', 'FREQ=DAILY', true],
    ['FREQ=DAILY;INTERVAL=-2', 'FREQ=DAILY', true],
    ['FREQ=DAILY;INTERVAL=02', 'FREQ=DAILY;INTERVAL=2', true],
    ['FREQ=DAILY;COUNT=x', 'FREQ=DAILY', true],
    ['FREQ=MONTHLY;BYSETPOS=1', 'FREQ=MONTHLY', true],
    ['FREQ=WEEKLY;WKST=su', 'FREQ=WEEKLY;WKST=SU', true],
    ['FREQ=WEEKLY;WKST=XX', 'FREQ=WEEKLY', true],
    ['FREQ=WEEKLY;FREQ=DAILY', 'FREQ=WEEKLY', true],
    ['FREQ=DAILY;RSCALE=GREGORIAN;SKIP=OMIT', 'FREQ=DAILY', true],
    ['FREQ=DAILY;CONSTRUCTOR=1;__PROTO__=2', 'FREQ=DAILY', true],
    ['FREQ=FORTNIGHTLY', undefined, true],
    ['INTERVAL=2', undefined, true],
    ['', undefined, true],
    ['FREQ=DAILY;COUNT=0', undefined, true],
    ['FREQ=YEARLY;RSCALE=CHINESE', undefined, true],
  ])('%j', (text, rrule, isChanged) => {
    expect(cleanRule(text)).toEqual({ rrule, isChanged })
  })

  it('and one that cannot be leaves a single event with a warning', () => {
    const calendar = calendarOf('RRULE:EVERY FULL MOON')
    expect(calendar.warnings).toContain('rule_dropped')
    expect(veventOf(calendar).recurrence).toBeUndefined()
  })
})

describe('UNTIL takes DTSTART’s kind', () => {
  const zoned = 'DTSTART;TZID=Europe/Berlin:20260303T100000'
  it.each([
    [zoned, '20260601T080000Z', '20260601T080000Z'],
    [zoned, '20260601', '20260601T215959Z'],
    [zoned, '20260601T100000', '20260601T080000Z'],
    [zoned, '20260101', '20260101T225959Z'],
    ['DTSTART:20260303T100000Z', '20260601', '20260601T235959Z'],
    ['DTSTART:20260303', '20260601T215959Z', '20260601'],
    ['DTSTART:20260303', '20260601', '20260601'],
    ['DTSTART:20260303T100000', '20260601T100000Z', '20260601T100000'],
    ['DTSTART:20260303T100000', '20260601', '20260601T235959'],
  ])('%s UNTIL=%s', (dtstart, written, until) => {
    expect(onlyVevent(dtstart, `RRULE:FREQ=WEEKLY;UNTIL=${written}`).recurrence?.rrules).toEqual([
      `FREQ=WEEKLY;UNTIL=${until}`,
    ])
  })

  it('or is dropped when it is no date', () => {
    const calendar = calendarOf('RRULE:FREQ=WEEKLY;UNTIL=doomsday')
    expect(veventOf(calendar).recurrence?.rrules).toEqual(['FREQ=WEEKLY'])
    expect(calendar.warnings).toContain('rule_cleaned')
  })
})

describe('COUNT beside UNTIL', () => {
  it.each([
    ['FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z', 'FREQ=DAILY;COUNT=3'],
    ['FREQ=DAILY;COUNT=300;UNTIL=20260310T090000Z', 'FREQ=DAILY;UNTIL=20260310T090000Z'],
    ['FREQ=DAILY;COUNT=90000;UNTIL=99990310T090000Z', 'FREQ=DAILY;UNTIL=99990310T090000Z'],
  ])('%s: whichever ends first', (text, rrule) => {
    expect(onlyVevent(`RRULE:${text}`).recurrence?.rrules).toEqual([rrule])
  })
})

describe('EXDATE and RDATE', () => {
  const keys = (...lines: readonly string[]) => onlyVevent('RRULE:FREQ=WEEKLY', ...lines).recurrence?.exdates
  it.each([
    ['on one line', ['EXDATE;TZID=Europe/Madrid:20260310T100000,20260317T100000']],
    ['on two', ['EXDATE;TZID=Europe/Madrid:20260317T100000', 'EXDATE;TZID=Europe/Madrid:20260310T100000']],
  ])('lists %s are one list', (_, lines) => {
    expect(keys(...lines)?.map((time) => time.kind === 'zoned' && time.instant)).toEqual([
      '2026-03-10T09:00:00Z',
      '2026-03-17T09:00:00Z',
    ])
  })

  it('in UTC, in another zone or as a DATE mean the same instance', () => {
    const utc = keys('EXDATE:20260310T090000Z,20260310T090000Z')
    expect(utc).toEqual([{ kind: 'utc', instant: '2026-03-10T09:00:00Z' }])
    expect(keys('EXDATE;TZID=America/New_York:20260310T050000')).toMatchObject([{ instant: '2026-03-10T09:00:00Z' }])
    expect(keys('EXDATE;VALUE=DATE:20260310')).toMatchObject([{ instant: '2026-03-10T09:00:00Z' }])
  })

  it('that cannot be read are left out with a warning', () => {
    const calendar = calendarOf('RRULE:FREQ=WEEKLY', 'EXDATE;TZID=Nowhere:20260310T100000', 'EXDATE:', 'EXDATE:never')
    expect(calendar.warnings).toContain('exdate_unmatched')
    expect(veventOf(calendar).recurrence?.exdates).toEqual([])
  })

  it('RDATE may be a PERIOD and may stand alone', () => {
    expect(onlyVevent('RDATE;VALUE=PERIOD:20260310T090000Z/PT1H').recurrence).toEqual({
      rrules: [],
      rdates: [{ kind: 'utc', instant: '2026-03-10T09:00:00Z' }],
      exdates: [],
    })
  })

  it('as date-times in a DATE series are days', () => {
    const { recurrence } = onlyVevent('DTSTART:20260303', 'RRULE:FREQ=DAILY', 'EXDATE:20260305T000000Z')
    expect(recurrence?.exdates).toEqual([{ kind: 'date', date: '2026-03-05' }])
  })
})

describe('RECURRENCE-ID', () => {
  const master = veventLines('UID:1', 'RRULE:FREQ=WEEKLY')
  const keyOf = (line: string): string | undefined =>
    onlyCalendar(calendarText(...master, ...veventLines('UID:1', line))).vevents[1]?.recurrenceKey

  it.each([
    'RECURRENCE-ID;TZID=Europe/Madrid:20260310T100000',
    'RECURRENCE-ID:20260310T090000Z',
    'RECURRENCE-ID;TZID=America/New_York:20260310T050000',
    'RECURRENCE-ID;VALUE=DATE:20260310',
    'RECURRENCE-ID:20260310T100000',
  ])('%s names one instance', (line) => {
    expect(keyOf(line)).toBe('2026-03-10T09:00:00Z')
  })

  it('with RANGE=THISANDFUTURE is flagged', () => {
    const vevent = onlyVevent('RECURRENCE-ID;RANGE=THISANDFUTURE:20260310T090000Z')
    expect(vevent).toMatchObject({ isThisAndFuture: true, recurrenceKey: '2026-03-10T09:00:00Z' })
  })

  it('that is no date makes the event unreadable', () => {
    const parsed = parseCalendars(Buffer.from(calendarText(...veventLines('RECURRENCE-ID:the third one'))))
    expect(parsed.unreadable).toMatchObject([{ reason: 'calendar_error' }])
  })

  it('on an instance makes its RRULE no matter', () => {
    expect(onlyVevent('RECURRENCE-ID:20260310T090000Z', 'RRULE:FREQ=DAILY').recurrence).toBeUndefined()
  })
})
