import { describe, expect, it } from 'vitest'
import type { CustomZone } from '../model.ts'
import { zonedTime } from '../times.ts'
import { customRules } from './custom-rules.ts'
import { yearlyOnset } from './yearly-onset.ts'

const american: CustomZone = {
  tzid: 'American',
  observances: [
    {
      kind: 'daylight',
      start: '2007-03-11T02:00:00',
      offsetFromSeconds: -18_000,
      offsetToSeconds: -14_400,
      rrule: 'FREQ=YEARLY;BYMONTH=3;BYDAY=2SU',
    },
    {
      kind: 'standard',
      start: '2007-11-04T02:00:00',
      offsetFromSeconds: -14_400,
      offsetToSeconds: -18_000,
      rrule: 'FREQ=YEARLY;BYMONTH=11;BYDAY=1SU',
    },
  ],
}

const instantIn = (zone: CustomZone, local: string): string | undefined => {
  const time = zonedTime(local, zone.tzid, [zone])
  return time?.kind === 'zoned' ? time.instant : undefined
}

describe('a zone of observances', () => {
  it.each([
    ['in winter', '2026-01-15T10:00:00', '2026-01-15T15:00:00Z'],
    ['in summer', '2026-07-15T10:00:00', '2026-07-15T14:00:00Z'],
    ['in the gap by the offset before it', '2026-03-08T02:30:00', '2026-03-08T07:30:00Z'],
    ['in the fold at its first occurrence', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['before the first onset by its TZOFFSETFROM', '2000-07-15T10:00:00', '2000-07-15T15:00:00Z'],
  ])('%s', (_, local, instant) => {
    expect(instantIn(american, local)).toBe(instant)
  })

  it('agrees with the IANA zone of the same rules on each day of two years', () => {
    for (let ms = Date.UTC(2026, 0, 1, 2, 30); ms < Date.UTC(2028, 0, 1); ms += 86_400_000) {
      const local = new Date(ms).toISOString().slice(0, 19)
      const iana = zonedTime(local, 'America/New_York')
      expect(instantIn(american, local)).toBe(iana?.kind === 'zoned' ? iana.instant : '')
    }
  })

  it('ends a rule at its UNTIL and keeps the last offset after it', () => {
    const ended: CustomZone = {
      tzid: 'Ended',
      observances: american.observances.map((observance) => ({
        ...observance,
        rrule: `${observance.rrule};UNTIL=20101231T000000Z`,
      })),
    }
    expect(customRules(ended).offsetSecondsAt(Date.UTC(2026, 6, 15))).toBe(-18_000)
    expect(customRules(ended).offsetSecondsAt(Date.UTC(2010, 6, 15))).toBe(-14_400)
  })

  it('stays in summer for good when only the winter rule ended earlier', () => {
    const [daylight, standard] = american.observances
    if (daylight === undefined || standard === undefined) throw new Error('two observances')
    const summer: CustomZone = {
      tzid: 'Summer',
      observances: [
        { ...daylight, rrule: `${daylight.rrule};UNTIL=20121231T000000Z` },
        { ...standard, rrule: `${standard.rrule};UNTIL=20111231T000000Z` },
      ],
    }
    expect(customRules(summer).offsetSecondsAt(Date.UTC(2026, 0, 15))).toBe(-14_400)
  })

  it('takes onsets from RDATE', () => {
    const dated: CustomZone = {
      tzid: 'Dated',
      observances: [
        { kind: 'standard', start: '2020-01-01T00:00:00', offsetFromSeconds: 3600, offsetToSeconds: 3600 },
        {
          kind: 'daylight',
          start: '2025-04-01T00:00:00',
          offsetFromSeconds: 3600,
          offsetToSeconds: 7200,
          rdates: ['2026-05-01T00:00:00'],
        },
        { kind: 'standard', start: '2025-09-01T00:00:00', offsetFromSeconds: 7200, offsetToSeconds: 3600 },
      ],
    }
    expect(customRules(dated).offsetSecondsAt(Date.UTC(2026, 3, 15))).toBe(3600)
    expect(customRules(dated).offsetSecondsAt(Date.UTC(2026, 5, 15))).toBe(7200)
  })
})

describe('a yearly onset', () => {
  const START = Date.UTC(1970, 2, 29, 2)
  it.each([
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', Date.UTC(2026, 2, 29, 2)],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=2SU', Date.UTC(2026, 2, 8, 2)],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14', Date.UTC(2026, 2, 8, 2)],
    ['FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=5', Date.UTC(2026, 3, 5, 2)],
    ['FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1', Date.UTC(2026, 3, 30, 2)],
    ['FREQ=YEARLY', Date.UTC(2026, 2, 29, 2)],
    ['FREQ=YEARLY;INTERVAL=2', Date.UTC(2026, 2, 29, 2)],
    ['FREQ=YEARLY;INTERVAL=3', undefined],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', undefined],
    ['FREQ=YEARLY;BYMONTH=13;BYDAY=1SU', undefined],
    ['FREQ=SECONDLY', undefined],
    ['nonsense', undefined],
  ])('of %s', (rrule, expected) => {
    expect(yearlyOnset(rrule, START, 2026)).toBe(expected)
  })
})
