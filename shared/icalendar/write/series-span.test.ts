import { describe, expect, it } from 'vitest'
import { linesOf, recurring, revisionOf, seriesOf, veventOf } from './revision.fixture.ts'
import { seriesSpan } from './series-span.ts'

const yearsOf = (rrule: string, dtstamp = '2026-02-20T09:15:00Z') => {
  const { fromMs, toMs } = seriesSpan(seriesOf({ master: veventOf({ recurrence: recurring(rrule) }) }), dtstamp)
  return [new Date(fromMs).toISOString().slice(0, 10), new Date(toMs).toISOString().slice(0, 10)]
}

describe('the span of a series', () => {
  it('ends after UNTIL, or after COUNT of a plain rule', () => {
    expect(yearsOf('FREQ=WEEKLY;UNTIL=20261231T225959Z')).toEqual(['2026-03-02', '2027-01-03'])
    expect(yearsOf('FREQ=WEEKLY;COUNT=10;BYDAY=TU,TH')).toEqual(['2026-03-02', '2026-05-20'])
    expect(yearsOf('FREQ=DAILY;INTERVAL=2;COUNT=3')).toEqual(['2026-03-02', '2026-03-12'])
  })

  it('reaches to the horizon where the end is open, far, or not known without expanding', () => {
    for (const rrule of ['FREQ=DAILY', 'FREQ=DAILY;UNTIL=99991231T000000Z', 'FREQ=MONTHLY;BYDAY=5MO;COUNT=3']) {
      expect(yearsOf(rrule)).toEqual(['2026-03-02', '2046-03-04'])
    }
    expect(yearsOf('FREQ=DAILY', '2030-01-01T00:00:00Z')[1]).toBe('2050-01-02')
  })
})

it('a series in a zone of its own keeps its zone, its instants named in it', () => {
  const local = (day: string, instant: string) =>
    ({ kind: 'zoned', local: `${day}T10:00:00`, tzid: 'Our Zone', instant }) as const
  const observance = {
    kind: 'standard',
    start: '1970-01-01T00:00:00',
    offsetFromSeconds: 5400,
    offsetToSeconds: 5400,
  } as const
  const master = veventOf({
    dtstart: local('2026-03-03', '2026-03-03T08:30:00Z'),
    dtend: local('2026-03-03', '2026-03-03T09:30:00Z'),
    recurrence: recurring('FREQ=DAILY', { exdates: [{ kind: 'utc', instant: '2026-03-05T08:30:00Z' }] }),
  })
  const customZones = [{ tzid: 'Our Zone', observances: [observance] }]
  expect(linesOf(revisionOf(seriesOf({ master, customZones })))).toEqual(
    expect.arrayContaining([
      'TZID:Our Zone',
      'TZOFFSETTO:+0130',
      'DTSTART;TZID=Our Zone:20260303T100000',
      'EXDATE;TZID=Our Zone:20260305T100000',
    ]),
  )
})
