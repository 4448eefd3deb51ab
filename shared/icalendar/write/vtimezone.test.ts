import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { vtimezoneLines } from './vtimezone.ts'

const ZONES = [
  'Europe/Madrid',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Moscow',
  'Europe/Istanbul',
  'Europe/Chisinau',
  'Europe/Lisbon',
  'Atlantic/Azores',
  'Atlantic/Reykjavik',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'America/St_Johns',
  'America/Havana',
  'America/Mexico_City',
  'America/Asuncion',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/Argentina/Buenos_Aires',
  'America/Caracas',
  'America/Nuuk',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Africa/Johannesburg',
  'Africa/Khartoum',
  'Asia/Gaza',
  'Asia/Jerusalem',
  'Asia/Beirut',
  'Asia/Tehran',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Asia/Shanghai',
  'Asia/Almaty',
  'Asia/Amman',
  'Australia/Sydney',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Australia/Brisbane',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Fiji',
  'Pacific/Kiritimati',
  'Pacific/Marquesas',
  'Pacific/Norfolk',
  'Antarctica/Troll',
  'Etc/UTC',
  'Etc/GMT+5',
]

const HOUR_MS = 3_600_000
const span = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) })

function zoneOf(lines: readonly string[]): ICAL.Timezone {
  return new ICAL.Timezone(new ICAL.Component(ICAL.parse(lines.join('\r\n'))))
}

/** The instant of a local time as another parser works it out from the written lines alone. */
function instantThrough(zone: ICAL.Timezone, local: string): number {
  const time = ICAL.Time.fromDateTimeString(local)
  time.zone = zone
  return time.toUnixTime() * 1000
}

/** Every 31 hours, and every half hour around each change, but no local time that does not exist or exists twice. */
function samples(tzid: string, { fromMs, toMs }: { fromMs: number; toMs: number }): Temporal.ZonedDateTime[] {
  const found: number[] = []
  for (let atMs = fromMs; atMs < toMs; atMs += 31 * HOUR_MS) found.push(atMs)
  let next = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(tzid).getTimeZoneTransition('next')
  while (next !== null && next.epochMilliseconds < toMs) {
    for (const halfHours of [-6, -5, -4, 4, 5, 6]) found.push(next.epochMilliseconds + (halfHours * HOUR_MS) / 2)
    next = next.getTimeZoneTransition('next')
  }
  return found
    .filter((atMs) => atMs >= fromMs && atMs < toMs)
    .map((atMs) => Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(tzid))
    .filter((time) => {
      const plain = time.toPlainDateTime()
      const early = plain.toZonedDateTime(tzid, { disambiguation: 'earlier' })
      return early.epochMilliseconds === plain.toZonedDateTime(tzid, { disambiguation: 'later' }).epochMilliseconds
    })
}

function wrongSamples(tzid: string, written: { fromMs: number; toMs: number }): string[] {
  const zone = zoneOf(vtimezoneLines(tzid, written, []))
  return samples(tzid, written)
    .filter((time) => instantThrough(zone, time.toPlainDateTime().toString()) !== time.epochMilliseconds)
    .map((time) => time.toString())
}

describe('read by another parser, the written zone gives the instants of the IANA data, 2024 to 2030', () => {
  it.each(ZONES)('%s', (tzid) => {
    expect(wrongSamples(tzid, span('2024-01-01T00:00:00Z', '2031-01-01T00:00:00Z'))).toEqual([])
  })
})

describe('and where a zone changed its rules within the span', () => {
  it.each([
    ['America/New_York', '2004-01-01T00:00:00Z', '2012-01-01T00:00:00Z'],
    ['America/Sao_Paulo', '2015-06-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['Asia/Tehran', '2019-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['Europe/Moscow', '2009-01-01T00:00:00Z', '2018-01-01T00:00:00Z'],
    ['Pacific/Apia', '2010-01-01T00:00:00Z', '2023-01-01T00:00:00Z'],
    ['Africa/Cairo', '2021-01-01T00:00:00Z', '2029-01-01T00:00:00Z'],
    ['Europe/Istanbul', '2013-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
  ])('%s from %s to %s', (tzid, from, to) => {
    expect(wrongSamples(tzid, span(from, to))).toEqual([])
  })
})

describe('the form of a VTIMEZONE', () => {
  const lines = (tzid: string, from = '2026-03-01T00:00:00Z', to = '2046-03-01T00:00:00Z') =>
    vtimezoneLines(tzid, span(from, to), [])

  it('is one pair of rules from 1970 where a pair describes the zone', () => {
    expect(lines('Europe/Madrid')).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Madrid',
      'BEGIN:DAYLIGHT',
      'DTSTART:19700329T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'END:DAYLIGHT',
      'BEGIN:STANDARD',
      'DTSTART:19701025T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'END:VTIMEZONE',
    ])
    expect(lines('America/New_York').filter((line) => line.startsWith('RRULE'))).toEqual([
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU',
      'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU',
    ])
  })

  it('takes "the last Sunday" for what it is even in a span of ten weeks', () => {
    const rules = lines('Europe/Madrid', '2026-10-01T00:00:00Z', '2026-12-10T00:00:00Z').filter((line) =>
      line.startsWith('RRULE'),
    )
    expect(rules).toEqual(['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU'])
  })

  it('is one STANDARD where the offset never changes', () => {
    expect(lines('Asia/Kolkata').slice(2, -1)).toEqual([
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0530',
      'TZOFFSETTO:+0530',
      'END:STANDARD',
    ])
  })

  it('calls Irish summer time DAYLIGHT, whatever the zone data call it', () => {
    expect(lines('Europe/Dublin')[2]).toBe('BEGIN:DAYLIGHT')
  })

  it('never holds an RDATE, and lists Egypt one by one: no rule says "midnight after the last Thursday"', () => {
    expect(lines('Africa/Cairo').filter((line) => line.startsWith('BEGIN:')).length).toBeGreaterThan(20)
    for (const tzid of ZONES) expect(lines(tzid).join('\n')).not.toContain('RDATE')
  })

  it('writes a custom zone from its observances, each RDATE as an observance of its own', () => {
    const shape = {
      kind: 'standard',
      start: '1970-10-25T03:00:00',
      offsetFromSeconds: 7200,
      offsetToSeconds: 3600,
    } as const
    const custom = {
      tzid: 'Our: Zone',
      observances: [{ ...shape, rrule: 'FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', rdates: ['2026-10-01T03:00:00'] }],
    }
    expect(vtimezoneLines('Our: Zone', span('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'), [custom])).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Our: Zone',
      'BEGIN:STANDARD',
      'DTSTART:19701025T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'BEGIN:STANDARD',
      'DTSTART:20261001T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'END:STANDARD',
      'END:VTIMEZONE',
    ])
  })
})
