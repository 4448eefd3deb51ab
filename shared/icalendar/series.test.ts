import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSeries, groupByUid } from './series.ts'
import { calendarText, onlyCalendar, onlyVevent, seriesOf, veventLines } from './testing/calendar-text.ts'
import { resolveFloating } from './zones/resolve-floating.ts'

const MASTER = veventLines('RRULE:FREQ=WEEKLY')

describe('VEVENTs are grouped', () => {
  it('by UID', () => {
    const calendar = onlyCalendar(
      calendarText(...veventLines('UID:b'), ...veventLines('UID:a'), ...veventLines('UID:b')),
    )
    expect([...groupByUid(calendar.vevents)].map(([uid, { length }]) => [uid, length])).toEqual([
      ['b', 2],
      ['a', 1],
    ])
  })
})

describe('a series is built', () => {
  it('of a master and overrides sorted by key', () => {
    const series = seriesOf(
      veventLines('RECURRENCE-ID:20260317T090000Z'),
      MASTER,
      veventLines('RECURRENCE-ID:20260310T090000Z'),
    )
    expect(series.master?.recurrence?.rrules).toEqual(['FREQ=WEEKLY'])
    expect(series.overrides.map(({ recurrenceKey }) => recurrenceKey)).toEqual([
      '2026-03-10T09:00:00Z',
      '2026-03-17T09:00:00Z',
    ])
  })

  it('with one override an instance, the newest revision', () => {
    const series = seriesOf(
      MASTER,
      veventLines('RECURRENCE-ID:20260310T090000Z', 'SEQUENCE:2', 'SUMMARY:new'),
      veventLines('RECURRENCE-ID;VALUE=DATE:20260310', 'SEQUENCE:1', 'SUMMARY:old'),
    )
    expect(series.overrides.map(({ summary }) => summary)).toEqual(['new'])
  })

  it('with the newest of two masters', () => {
    expect(seriesOf(veventLines('SEQUENCE:1', 'SUMMARY:new'), veventLines('SUMMARY:old')).master?.summary).toBe('new')
  })

  it('of naked instances alone', () => {
    const series = seriesOf(veventLines('RECURRENCE-ID:20260310T090000Z'))
    expect(series.master).toBeUndefined()
    expect(series.overrides).toHaveLength(1)
  })

  it('with cancelled instances apart', () => {
    const series = seriesOf(MASTER, veventLines('RECURRENCE-ID:20260310T090000Z', 'STATUS:CANCELLED', 'SEQUENCE:3'))
    expect(series.overrides).toEqual([])
    expect(series.cancelled).toEqual([
      {
        recurrenceKey: '2026-03-10T09:00:00Z',
        recurrenceId: { kind: 'utc', instant: '2026-03-10T09:00:00Z' },
        sequence: 3,
        dtstamp: '2026-02-20T09:15:00Z',
      },
    ])
  })

  it('of one UID only', () => {
    expect(() => buildSeries([])).toThrow('one UID')
    expect(() => buildSeries([onlyVevent('UID:a'), onlyVevent('UID:b')])).toThrow('one UID')
  })
})

describe('the content hash', () => {
  const lines = [
    'SUMMARY:Title',
    'LOCATION:Here',
    'RRULE:FREQ=WEEKLY',
    'STATUS:CONFIRMED',
    'ORGANIZER;CN=Ana:mailto:ana@example.com',
  ]
  const { contentHash } = onlyVevent(...lines)

  it('does not care for the order of properties', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        expect(onlyVevent(...shuffled).contentHash).toBe(contentHash)
      }),
    )
  })

  it.each(['SEQUENCE:7', 'DTSTAMP:20300101T000000Z', 'ATTENDEE:mailto:b@example.com', 'X-ODD:1', 'REQUEST-STATUS:2.0'])(
    'does not care for %s',
    (line) => {
      expect(onlyVevent(...lines, line).contentHash).toBe(contentHash)
    },
  )

  it.each([
    'SUMMARY:Other',
    'LOCATION:There',
    'DESCRIPTION:x',
    'URL:https://example.com',
    'STATUS:TENTATIVE',
    'TRANSP:TRANSPARENT',
    'DTSTART;TZID=Europe/Madrid:20260303T110000',
    'DURATION:PT1H',
    'RRULE:FREQ=DAILY',
    'EXDATE:20260310T090000Z',
    'UID:other',
    'ORGANIZER;CN=Ana:mailto:other@example.com',
  ])('changes with %s', (line) => {
    const name = line.split(/[;:]/, 1)[0] ?? ''
    const others = lines.filter((kept) => !kept.startsWith(name))
    expect(onlyVevent(...others, line).contentHash).not.toBe(contentHash)
  })
})

describe('floating times', () => {
  const floating = onlyVevent(
    'DTSTART:20260303T100000',
    'DTEND:20260303T110000',
    'RRULE:FREQ=DAILY;UNTIL=20260401T100000',
  )

  it('are resolved in the organizer’s zone, UNTIL too', () => {
    const resolved = resolveFloating(floating, 'Europe/Madrid')
    expect(resolved).toMatchObject({
      dtstart: { kind: 'zoned', instant: '2026-03-03T09:00:00Z' },
      dtend: { kind: 'zoned', instant: '2026-03-03T10:00:00Z' },
      recurrence: { rrules: ['FREQ=DAILY;UNTIL=20260401T080000Z'] },
    })
    expect(resolved.contentHash).not.toBe(floating.contentHash)
  })

  it('move the key of an instance', () => {
    const instance = onlyVevent('DTSTART:20260303T100000', 'RECURRENCE-ID:20260304T100000')
    expect(resolveFloating(instance, 'Europe/Madrid').recurrenceKey).toBe('2026-03-04T09:00:00Z')
  })

  it('in UTC are UTC times', () => {
    expect(resolveFloating(floating, 'UTC').dtstart).toEqual({ kind: 'utc', instant: '2026-03-03T10:00:00Z' })
  })

  it('that are none are left alone', () => {
    const zoned = onlyVevent()
    expect(resolveFloating(zoned, 'Asia/Tokyo')).toBe(zoned)
  })

  it('in a zone nobody knows are a bug of the caller', () => {
    expect(() => resolveFloating(floating, 'Mars/Base')).toThrow('Mars/Base')
  })
})
