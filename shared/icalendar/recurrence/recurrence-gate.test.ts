import { describe, expect, it } from 'vitest'
import type { CalendarTime } from '../model.ts'
import { parseCalendars } from '../read/parse-calendars.ts'
import { calendarText, onlyVevent, veventLines } from '../testing/calendar-text.ts'
import { openRecurrenceGate } from './recurrence-gate.ts'

const DTSTART: CalendarTime = { kind: 'utc', instant: '2026-03-03T10:00:00Z' }

describe('a hostile rule is refused before it is expanded', () => {
  it.each([
    'FREQ=SECONDLY',
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY;COUNT=5',
    'FREQ=MINUTELY;INTERVAL=14',
    'FREQ=DAILY;COUNT=1000000000',
    'FREQ=DAILY;INTERVAL=999999999',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300',
    'FREQ=DAILY;BYHOUR=1,2;BYSETPOS=5',
    'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6',
    'FREQ=HOURLY;BYYEARDAY=366;BYMONTH=1',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9',
    `FREQ=MONTHLY;BYMONTHDAY=${Array(401).fill('1').join(',')}`,
  ])('%.60s', (rrule) => {
    expect(openRecurrenceGate()(rrule, DTSTART)).toBeTypeOf('string')
  })
})

describe('an honest rule passes', () => {
  it.each([
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=MONTHLY;BYMONTHDAY=31',
    'FREQ=YEARLY;INTERVAL=100',
    'FREQ=YEARLY;BYYEARDAY=366',
    'FREQ=HOURLY;COUNT=12',
    'FREQ=MINUTELY;INTERVAL=15;COUNT=4',
    'FREQ=DAILY;COUNT=36500',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20270101T000000Z',
    'FREQ=WEEKLY;UNTIL=19990101T000000Z',
  ])('%s', (rrule) => {
    expect(openRecurrenceGate()(rrule, DTSTART)).toBeUndefined()
  })
})

describe('many rules in one text', () => {
  it('are refused unseen after three refusals', () => {
    const gate = openRecurrenceGate()
    for (let index = 0; index < 3; index += 1) gate('FREQ=SECONDLY', DTSTART)
    expect(gate('FREQ=WEEKLY', DTSTART)).toContain('refused before')
  })
})

describe('reading', () => {
  it('says recurrence_over_budget, and takes the neighbours', () => {
    const text = calendarText(
      ...veventLines('UID:1', 'RRULE:FREQ=SECONDLY'),
      ...veventLines('UID:2', 'RRULE:FREQ=DAILY'),
    )
    const parsed = parseCalendars(Buffer.from(text))
    expect(parsed.unreadable).toEqual([{ reason: 'recurrence_over_budget', detail: 'SECONDLY every 1' }])
    expect(parsed.calendars[0]?.vevents.map(({ uid }) => uid)).toEqual(['2'])
  })

  it('does not look at the rule of a REPLY', () => {
    const text = calendarText('METHOD:REPLY', ...veventLines('RRULE:FREQ=SECONDLY'))
    expect(parseCalendars(Buffer.from(text)).unreadable).toEqual([])
  })

  it('does not choke on a long series of an ordinary kind', () => {
    expect(onlyVevent('RRULE:FREQ=DAILY;UNTIL=99991231T000000Z').recurrence?.rrules).toHaveLength(1)
  })
})
