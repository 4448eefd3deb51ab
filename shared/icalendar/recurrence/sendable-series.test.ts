import { describe, expect, it } from 'vitest'
import { seriesOf, veventLines } from '../testing/calendar-text.ts'
import { NAKED_INSTANCES_MAX, sendableSeries, toSendableSeries } from './sendable-series.ts'

describe('a rule that Outlook takes goes out unchanged', () => {
  it.each([
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=MO,WE,FR',
    'FREQ=MONTHLY;BYMONTHDAY=15',
    'FREQ=MONTHLY;BYDAY=2TU',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3',
    'FREQ=YEARLY;BYMONTH=3;BYDAY=1TU',
  ])('%s', (rrule) => {
    const series = seriesOf(veventLines(`RRULE:${rrule}`))
    expect(toSendableSeries(series)).toBe(series)
  })

  it('as does a single event', () => {
    const series = seriesOf(veventLines())
    expect(sendableSeries(series)).toEqual({ series, isCapped: false })
  })
})

describe('a rule that Outlook refuses goes out as single instances', () => {
  it.each([
    'FREQ=MONTHLY;BYMONTHDAY=1,15',
    'FREQ=MONTHLY;BYDAY=1MO,3MO',
    'FREQ=MONTHLY;BYDAY=MO',
    'FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=3',
    'FREQ=YEARLY;BYYEARDAY=100',
    'FREQ=DAILY;BYHOUR=9,15',
    'FREQ=HOURLY;INTERVAL=6',
  ])('%s', (rrule) => {
    const { series, isCapped } = sendableSeries(seriesOf(veventLines(`RRULE:${rrule}`)))
    expect(series.master).toBeUndefined()
    expect(series.overrides).toHaveLength(NAKED_INSTANCES_MAX)
    expect(isCapped).toBe(true)
    for (const vevent of series.overrides) {
      expect(vevent.recurrence).toBeUndefined()
      expect(vevent.recurrenceKey).toBeTypeOf('string')
      expect(vevent.recurrenceId).toBeDefined()
    }
    expect(new Set(series.overrides.map(({ contentHash }) => contentHash)).size).toBe(NAKED_INSTANCES_MAX)
  })

  it('an RDATE without RRULE as well, and all of it', () => {
    const { series, isCapped } = sendableSeries(seriesOf(veventLines('RDATE:20260311T090000Z,20260320T090000Z')))
    expect(isCapped).toBe(false)
    expect(series.overrides.map(({ recurrenceKey }) => recurrenceKey)).toEqual([
      '2026-03-03T09:00:00Z',
      '2026-03-11T09:00:00Z',
      '2026-03-20T09:00:00Z',
    ])
  })

  it('with the overrides in their place and without what is called off', () => {
    const series = toSendableSeries(
      seriesOf(
        veventLines('RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=4', 'SUMMARY:Series', 'DURATION:PT1H'),
        veventLines('RECURRENCE-ID:20260317T090000Z', 'SUMMARY:Special'),
        veventLines('RECURRENCE-ID:20260403T080000Z', 'STATUS:CANCELLED'),
      ),
    )
    expect(series.overrides.map(({ recurrenceKey, summary }) => [recurrenceKey, summary])).toEqual([
      ['2026-03-03T09:00:00Z', 'Series'],
      ['2026-03-17T09:00:00Z', 'Special'],
      ['2026-04-17T08:00:00Z', 'Series'],
    ])
    expect(series.overrides[0]).toMatchObject({ dtend: { instant: '2026-03-03T10:00:00Z' } })
    expect(series.cancelled).toHaveLength(1)
  })

  it('from a day on, when asked', () => {
    const endless = seriesOf(veventLines('DTSTART:20200101', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15'))
    expect(toSendableSeries(endless, { fromMs: Date.UTC(2026, 2, 10) }).overrides[0]?.recurrenceKey).toBe('2026-03-15')
  })
})
