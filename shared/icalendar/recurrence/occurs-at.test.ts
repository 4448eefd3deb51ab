import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seriesOf, veventLines } from '../testing/calendar-text.ts'
import { expandSeries } from './expand-series.ts'
import { occursAt } from './occurs-at.ts'

describe('is it an occurrence?', () => {
  const cases: readonly (readonly [string, readonly string[], string, boolean])[] = [
    ['DTSTART', ['RRULE:FREQ=WEEKLY'], '2026-03-03T09:00:00Z', true],
    ['DTSTART that the rule does not have', ['RRULE:FREQ=WEEKLY;BYDAY=FR'], '2026-03-03T09:00:00Z', true],
    ['an instance', ['RRULE:FREQ=WEEKLY'], '2026-06-30T08:00:00Z', true],
    ['an instance as a day', ['RRULE:FREQ=WEEKLY'], '2026-06-30', true],
    ['another day', ['RRULE:FREQ=WEEKLY'], '2026-06-29', false],
    ['an hour beside it', ['RRULE:FREQ=WEEKLY'], '2026-06-30T09:00:00Z', false],
    ['before DTSTART', ['RRULE:FREQ=WEEKLY'], '2026-02-24T09:00:00Z', false],
    ['after UNTIL', ['RRULE:FREQ=WEEKLY;UNTIL=20260310T090000Z'], '2026-03-17T09:00:00Z', false],
    ['the last by UNTIL', ['RRULE:FREQ=WEEKLY;UNTIL=20260310T090000Z'], '2026-03-10T09:00:00Z', true],
    ['the last by COUNT', ['RRULE:FREQ=WEEKLY;COUNT=2'], '2026-03-10T09:00:00Z', true],
    ['one after COUNT', ['RRULE:FREQ=WEEKLY;COUNT=2'], '2026-03-17T09:00:00Z', false],
    ['an EXDATE', ['RRULE:FREQ=WEEKLY', 'EXDATE:20260310T090000Z'], '2026-03-10T09:00:00Z', false],
    ['an RDATE', ['RDATE:20260311T090000Z'], '2026-03-11T09:00:00Z', true],
    [
      'a time in a gap',
      ['DTSTART;TZID=Europe/Berlin:20260301T023000', 'RRULE:FREQ=DAILY'],
      '2026-03-29T01:30:00Z',
      false,
    ],
    ['a day of a DATE series', ['DTSTART:20260303', 'RRULE:FREQ=WEEKLY'], '2026-03-10', true],
    ['local midnight in UTC of a DATE series', ['DTSTART:20260303', 'RRULE:FREQ=WEEKLY'], '2026-03-09T23:00:00Z', true],
    ['a floating time', ['DTSTART:20260303T100000', 'RRULE:FREQ=WEEKLY'], '2026-03-10T10:00:00', true],
    ['thirty years on', ['DTSTART:19960305T100000Z', 'RRULE:FREQ=DAILY'], '2026-03-03T10:00:00Z', true],
    ['no key at all', ['RRULE:FREQ=WEEKLY'], 'next tuesday', false],
    ['of a single event: itself', [], '2026-03-03T09:00:00Z', true],
    ['of a single event: another', [], '2026-03-10T09:00:00Z', false],
  ]
  it.each(cases)('%s', (_, lines, key, expected) => {
    expect(occursAt(seriesOf(veventLines(...lines)), [key])).toEqual([expected])
  })

  it('each key is answered in its place', () => {
    const series = seriesOf(veventLines('RRULE:FREQ=WEEKLY;COUNT=3'))
    expect(occursAt(series, ['2026-03-17T09:00:00Z', 'x', '2026-03-03T09:00:00Z'])).toEqual([true, false, true])
  })

  it('an override of an EXDATE is there', () => {
    const override = veventLines('RECURRENCE-ID:20260310T090000Z')
    const series = seriesOf(veventLines('RRULE:FREQ=WEEKLY', 'EXDATE:20260310T090000Z'), override)
    expect(occursAt(series, ['2026-03-10T09:00:00Z'])).toEqual([true])
  })

  it('agrees with the expansion for any rule', () => {
    const rules = fc.tuple(
      fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('', ';COUNT=12', ';UNTIL=20261101T000000Z'),
      fc.constantFrom('', ';BYDAY=MO,TH', ';BYMONTH=3,4,10'),
    )
    fc.assert(
      fc.property(rules, ([freq, interval, end, by]) => {
        const series = seriesOf(veventLines(`RRULE:FREQ=${freq};INTERVAL=${interval}${end}${by}`))
        const keys = expandSeries(series, { max: 8 }).instances.map(({ recurrenceKey }) => recurrenceKey)
        expect(occursAt(series, keys)).toEqual(keys.map(() => true))
      }),
      { numRuns: 40 },
    )
  })
})
