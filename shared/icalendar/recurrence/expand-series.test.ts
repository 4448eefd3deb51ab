import { describe, expect, it } from 'vitest'
import type { Series } from '../model.ts'
import { seriesOf, veventLines } from '../testing/calendar-text.ts'
import { expandSeries, nextInstances } from './expand-series.ts'
import { occursAt } from './occurs-at.ts'

const keysOf = (series: Series, max = 5): readonly string[] =>
  expandSeries(series, { max }).instances.map(({ recurrenceKey }) => recurrenceKey)
const weekly = (...lines: readonly string[]): Series => seriesOf(veventLines('RRULE:FREQ=WEEKLY;COUNT=4', ...lines))

describe('a series is expanded', () => {
  it.each([
    ['each week', ['RRULE:FREQ=WEEKLY'], ['2026-03-03T09:00:00Z', '2026-03-10T09:00:00Z', '2026-03-17T09:00:00Z']],
    [
      'over a change of offset',
      ['RRULE:FREQ=MONTHLY'],
      ['2026-03-03T09:00:00Z', '2026-04-03T08:00:00Z', '2026-05-03T08:00:00Z'],
    ],
    ['by COUNT', ['RRULE:FREQ=DAILY;COUNT=2'], ['2026-03-03T09:00:00Z', '2026-03-04T09:00:00Z']],
    [
      'by UNTIL, inclusive',
      ['RRULE:FREQ=DAILY;UNTIL=20260304T090000Z'],
      ['2026-03-03T09:00:00Z', '2026-03-04T09:00:00Z'],
    ],
    ['by UNTIL a second earlier', ['RRULE:FREQ=DAILY;UNTIL=20260304T085959Z'], ['2026-03-03T09:00:00Z']],
    ['on days', ['DTSTART:20260227', 'RRULE:FREQ=DAILY;INTERVAL=2'], ['2026-02-27', '2026-03-01', '2026-03-03']],
    [
      'floating',
      ['DTSTART:20260328T103000', 'RRULE:FREQ=DAILY'],
      ['2026-03-28T10:30:00', '2026-03-29T10:30:00', '2026-03-30T10:30:00'],
    ],
    [
      'with DTSTART first where the rule does not have it',
      ['RRULE:FREQ=MONTHLY;BYMONTHDAY=15;COUNT=2'],
      ['2026-03-03T09:00:00Z', '2026-03-15T09:00:00Z'],
    ],
    [
      'with RDATE',
      ['RRULE:FREQ=DAILY;COUNT=2', 'RDATE:20260303T150000Z'],
      ['2026-03-03T09:00:00Z', '2026-03-03T15:00:00Z', '2026-03-04T09:00:00Z'],
    ],
    [
      'by two rules',
      ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=WEEKLY;COUNT=2'],
      ['2026-03-03T09:00:00Z', '2026-03-04T09:00:00Z', '2026-03-10T09:00:00Z'],
    ],
    [
      'without EXDATE',
      ['RRULE:FREQ=DAILY', 'EXDATE:20260304T090000Z'],
      ['2026-03-03T09:00:00Z', '2026-03-05T09:00:00Z', '2026-03-06T09:00:00Z'],
    ],
    ['that is none', [], ['2026-03-03T09:00:00Z']],
    [
      'the last weekday of each month',
      ['RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'],
      ['2026-03-03T09:00:00Z', '2026-03-31T08:00:00Z', '2026-04-30T08:00:00Z'],
    ],
  ])('%s', (_, lines, keys) => {
    expect(keysOf(seriesOf(veventLines(...lines)), 3)).toEqual(keys)
  })

  it('without the times that a gap swallows, which COUNT does not count', () => {
    const series = seriesOf(veventLines('DTSTART;TZID=Europe/Berlin:20260327T023000', 'RRULE:FREQ=DAILY;COUNT=4'))
    expect(keysOf(series)).toEqual([
      '2026-03-27T01:30:00Z',
      '2026-03-28T01:30:00Z',
      '2026-03-30T00:30:00Z',
      '2026-03-31T00:30:00Z',
    ])
  })

  it('with the length of the master', () => {
    const series = seriesOf(veventLines('RRULE:FREQ=MONTHLY', 'DURATION:PT90M'))
    expect(expandSeries(series, { max: 2 }).instances[1]?.dtend).toMatchObject({ instant: '2026-04-03T09:30:00Z' })
  })

  it('in the zone its own VTIMEZONE describes', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Odd',
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+0217',
      'TZOFFSETTO:+0217',
      'END:STANDARD',
      'END:VTIMEZONE',
    ]
    const series = seriesOf(zone, veventLines('DTSTART;TZID=Odd:20260303T100000', 'RRULE:FREQ=DAILY'))
    expect(keysOf(series, 2)).toEqual(['2026-03-03T07:43:00Z', '2026-03-04T07:43:00Z'])
    expect(occursAt(series, ['2026-03-09T07:43:00Z'])).toEqual([true])
  })

  it('without holes where the budget cut one of two rules', () => {
    const series = seriesOf(veventLines('RRULE:FREQ=DAILY', 'RRULE:FREQ=MONTHLY;COUNT=3'))
    const { instances, isOverBudget } = expandSeries(series, { max: 50, budgetSteps: 5 })
    expect(isOverBudget).toBe(true)
    expect(instances.map(({ recurrenceKey }) => recurrenceKey).every((key) => key < '2026-03-15')).toBe(true)
  })

  it('and says whether that was all', () => {
    expect(expandSeries(weekly(), { max: 4 })).toMatchObject({ isComplete: true, isOverBudget: false })
    expect(expandSeries(weekly(), { max: 3 })).toMatchObject({ isComplete: false })
    const endless = seriesOf(veventLines('RRULE:FREQ=DAILY'))
    expect(expandSeries(endless, { max: 50 })).toMatchObject({ isComplete: false, isOverBudget: false })
    expect(expandSeries(endless, { max: 50, budgetSteps: 10 })).toMatchObject({ isComplete: false, isOverBudget: true })
  })
})

describe('overrides', () => {
  const moved = veventLines(
    'RECURRENCE-ID:20260310T090000Z',
    'DTSTART;TZID=Europe/Madrid:20260312T180000',
    'SUMMARY:Moved',
  )

  it('stand in place of their instance', () => {
    const series = seriesOf(veventLines('RRULE:FREQ=WEEKLY;COUNT=3'), moved)
    const { instances } = expandSeries(series, { max: 9 })
    expect(instances.map(({ recurrenceKey, isOverride }) => [recurrenceKey, isOverride])).toEqual([
      ['2026-03-03T09:00:00Z', false],
      ['2026-03-10T09:00:00Z', true],
      ['2026-03-17T09:00:00Z', false],
    ])
    expect(instances[1]).toMatchObject({ dtstart: { instant: '2026-03-12T17:00:00Z' }, vevent: { summary: 'Moved' } })
  })

  it('of an instance the rule does not have are instances too', () => {
    const stray = veventLines('RECURRENCE-ID:20260305T090000Z', 'DTSTART;TZID=Europe/Madrid:20260305T100000')
    expect(keysOf(seriesOf(veventLines('RRULE:FREQ=WEEKLY;COUNT=2'), stray))).toEqual([
      '2026-03-03T09:00:00Z',
      '2026-03-05T09:00:00Z',
      '2026-03-10T09:00:00Z',
    ])
  })

  it('alone, without a master, are the series', () => {
    expect(keysOf(seriesOf(moved))).toEqual(['2026-03-10T09:00:00Z'])
  })

  it('called off are no instances', () => {
    const off = veventLines('RECURRENCE-ID:20260310T090000Z', 'STATUS:CANCELLED')
    const series = seriesOf(veventLines('RRULE:FREQ=WEEKLY;COUNT=3'), off)
    expect(keysOf(series)).toEqual(['2026-03-03T09:00:00Z', '2026-03-17T09:00:00Z'])
    expect(occursAt(series, ['2026-03-10T09:00:00Z'])).toEqual([false])
  })
})

describe('the next instances', () => {
  it('of a series that began long ago are found at once', () => {
    const series = seriesOf(veventLines('DTSTART;TZID=Europe/Madrid:19700105T100000', 'RRULE:FREQ=DAILY'))
    const next = nextInstances(series, Date.UTC(2026, 2, 3, 12), 2)
    expect(next.map(({ recurrenceKey }) => recurrenceKey)).toEqual(['2026-03-04T09:00:00Z', '2026-03-05T09:00:00Z'])
  })

  it('include one that begins now', () => {
    const next = nextInstances(seriesOf(veventLines('RRULE:FREQ=DAILY')), Date.UTC(2026, 2, 5, 9), 1)
    expect(next[0]?.recurrenceKey).toBe('2026-03-05T09:00:00Z')
  })

  it('of a finished series are none', () => {
    expect(nextInstances(weekly(), Date.UTC(2030, 0, 1), 3)).toEqual([])
    const ended = seriesOf(veventLines('RRULE:FREQ=WEEKLY;UNTIL=20260401T000000Z'))
    expect(nextInstances(ended, Date.UTC(2030, 0, 1), 3)).toEqual([])
  })

  it('keep the interval’s phase', () => {
    const series = seriesOf(veventLines('RRULE:FREQ=WEEKLY;INTERVAL=3'))
    expect(nextInstances(series, Date.UTC(2027, 0, 1), 1)[0]?.recurrenceKey).toBe('2027-01-12T09:00:00Z')
  })

  it('of leap days are found across the years between', () => {
    const series = seriesOf(veventLines('DTSTART:20240229', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29'))
    expect(nextInstances(series, Date.UTC(2026, 0, 1), 2).map(({ recurrenceKey }) => recurrenceKey)).toEqual([
      '2028-02-29',
      '2032-02-29',
    ])
  })
})
