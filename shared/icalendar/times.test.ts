import { describe, expect, it } from 'vitest'
import type { CalendarTime } from './model.ts'
import {
  addDuration,
  alignTime,
  compareRevision,
  compareTimes,
  instantFromMs,
  recurrenceKeyOf,
  toInstantMs,
  zonedTime,
} from './times.ts'

const berlin = (local: string): CalendarTime => {
  const time = zonedTime(local, 'Europe/Berlin')
  if (time === undefined) throw new Error('no zone')
  return time
}
const utc = (instant: string): CalendarTime => ({ kind: 'utc', instant })
const day = (date: string): CalendarTime => ({ kind: 'date', date })
const floating = (local: string): CalendarTime => ({ kind: 'floating', local })

describe('a local time becomes an instant', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['in winter', 'Europe/Berlin', '2026-01-15T10:00:00', '2026-01-15T09:00:00Z'],
    ['in summer', 'Europe/Berlin', '2026-07-15T10:00:00', '2026-07-15T08:00:00Z'],
    ['in a gap by the offset before it', 'Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['at the first second of a gap', 'Europe/Berlin', '2026-03-29T02:00:00', '2026-03-29T01:00:00Z'],
    ['at the last second before a gap', 'Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
    ['in a fold at its first occurrence', 'Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['just after a fold', 'Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    ['in a gap of half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00Z'],
    ['west of Greenwich', 'America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['south of the equator over New Year', 'Pacific/Auckland', '2026-01-01T00:00:00', '2025-12-31T11:00:00Z'],
    ['on a day that a zone skipped', 'Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00Z'],
    ['far in the future by today’s rules', 'Europe/Berlin', '2450-07-15T10:00:00', '2450-07-15T08:00:00Z'],
    ['in the winter of a far future', 'Europe/Berlin', '2450-01-15T10:00:00', '2450-01-15T09:00:00Z'],
    ['with a zone of 45 minutes', 'Asia/Kathmandu', '2026-03-03T10:00:00', '2026-03-03T04:15:00Z'],
  ]
  it.each(cases)('%s', (_, tzid, local, instant) => {
    expect(zonedTime(local, tzid)).toEqual({ kind: 'zoned', local, tzid, instant })
  })

  it('not at all in a zone nobody knows', () => {
    expect(zonedTime('2026-03-03T10:00:00', 'Europe/Nowhere')).toBeUndefined()
  })
})

describe('a time without a zone', () => {
  it('is read in the zone in force', () => {
    expect(instantFromMs(toInstantMs(day('2026-03-03'), { tzid: 'Europe/Berlin' }))).toBe('2026-03-02T23:00:00Z')
    expect(instantFromMs(toInstantMs(floating('2026-07-03T10:00:00'), { tzid: 'Europe/Berlin' }))).toBe(
      '2026-07-03T08:00:00Z',
    )
  })

  it('is read as UTC when none is', () => {
    expect(instantFromMs(toInstantMs(floating('2026-07-03T10:00:00')))).toBe('2026-07-03T10:00:00Z')
  })
})

describe('a duration', () => {
  it('of a day keeps the wall clock over a change of offset', () => {
    expect(addDuration(berlin('2026-03-28T10:00:00'), { days: 1, seconds: 0 })).toEqual(berlin('2026-03-29T10:00:00'))
  })

  it('of 24 hours does not', () => {
    expect(addDuration(berlin('2026-03-28T10:00:00'), { days: 0, seconds: 86_400 })).toEqual(
      berlin('2026-03-29T11:00:00'),
    )
  })

  it('of hours moves a DATE by whole days only', () => {
    expect(addDuration(day('2026-02-28'), { days: 1, seconds: 90_000 })).toEqual(day('2026-03-02'))
  })

  it('may be negative', () => {
    expect(addDuration(utc('2026-03-01T00:00:00Z'), { days: -1, seconds: -60 })).toEqual(utc('2026-02-27T23:59:00Z'))
  })

  it('moves a floating time on its own wall', () => {
    expect(addDuration(floating('2026-03-29T01:30:00'), { days: 0, seconds: 3600 })).toEqual(
      floating('2026-03-29T02:30:00'),
    )
  })
})

describe('a recurrence key', () => {
  it('is the same for one instance in any zone', () => {
    const newYork = zonedTime('2026-03-03T04:00:00', 'America/New_York')
    if (newYork === undefined) throw new Error('no zone')
    expect(recurrenceKeyOf(berlin('2026-03-03T10:00:00'))).toBe('2026-03-03T09:00:00Z')
    expect(recurrenceKeyOf(newYork)).toBe('2026-03-03T09:00:00Z')
    expect(recurrenceKeyOf(utc('2026-03-03T09:00:00Z'))).toBe('2026-03-03T09:00:00Z')
  })

  it('of a DATE or floating time has no zone', () => {
    expect(recurrenceKeyOf(day('2026-03-03'))).toBe('2026-03-03')
    expect(recurrenceKeyOf(floating('2026-03-03T10:00:00'))).toBe('2026-03-03T10:00:00')
  })

  it('of a DATE in a timed series is that day’s instance', () => {
    expect(recurrenceKeyOf(day('2026-07-07'), berlin('2026-03-03T10:00:00'))).toBe('2026-07-07T08:00:00Z')
  })

  it('of local midnight in UTC in a DATE series is the day meant', () => {
    expect(recurrenceKeyOf(utc('2026-03-02T23:00:00Z'), day('2026-01-01'))).toBe('2026-03-03')
    expect(recurrenceKeyOf(utc('2026-03-03T05:00:00Z'), day('2026-01-01'))).toBe('2026-03-03')
  })

  it('of a zoned time in a DATE series is its local day', () => {
    expect(recurrenceKeyOf(berlin('2026-03-03T00:00:00'), day('2026-01-01'))).toBe('2026-03-03')
  })

  it('of a floating time in a zoned series is read in its zone', () => {
    expect(alignTime(floating('2026-07-07T10:00:00'), berlin('2026-03-03T10:00:00'))).toEqual(
      berlin('2026-07-07T10:00:00'),
    )
  })
})

describe('order', () => {
  it('of times is by instant', () => {
    expect(compareTimes(berlin('2026-03-03T10:00:00'), utc('2026-03-03T09:00:01Z'))).toBeLessThan(0)
    expect(compareTimes(berlin('2026-03-03T10:00:00'), utc('2026-03-03T09:00:00Z'))).toBe(0)
  })

  it('of revisions is by SEQUENCE, then DTSTAMP', () => {
    const old = { sequence: 1, dtstamp: '2026-03-03T09:00:00Z' }
    expect(compareRevision(old, { sequence: 2, dtstamp: '2026-01-01T00:00:00Z' })).toBeLessThan(0)
    expect(compareRevision(old, { sequence: 1, dtstamp: '2026-03-03T09:00:01Z' })).toBeLessThan(0)
    expect(compareRevision(old, { ...old })).toBe(0)
    expect(compareRevision(old, { sequence: 0, dtstamp: '2030-01-01T00:00:00Z' })).toBeGreaterThan(0)
  })
})
