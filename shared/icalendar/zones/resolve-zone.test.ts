import { describe, expect, it } from 'vitest'
import type { Observance } from '../model.ts'
import { resolveZone, type Vtimezone } from './resolve-zone.ts'

const SPAN = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2028, 11, 31) }

const observance = (kind: Observance['kind'], from: number, to: number, start: string, rrule?: string): Observance => ({
  kind,
  start,
  offsetFromSeconds: from * 3600,
  offsetToSeconds: to * 3600,
  ...(rrule !== undefined && { rrule }),
})

const european = (tzid: string): Vtimezone => ({
  tzid,
  observances: [
    observance('standard', 2, 1, '1970-10-25T03:00:00', 'FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU'),
    observance('daylight', 1, 2, '1970-03-29T02:00:00', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'),
  ],
})

describe('a name that a table knows', () => {
  const names: readonly (readonly [string, string])[] = [
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['US/Eastern', 'America/New_York'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['EST5EDT', 'America/New_York'],
    ['CET', 'Europe/Brussels'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['w. europe standard time', 'Europe/Berlin'],
    ['"Pacific Standard Time"', 'America/Los_Angeles'],
    ["'Tokyo Standard Time'", 'Asia/Tokyo'],
    ['Eastern Standard Time 1', 'America/New_York'],
    ['Pacific Daylight Time', 'America/Los_Angeles'],
    ['GMT Standard Time', 'Europe/London'],
    ['Kamchatka Standard Time', 'Asia/Kamchatka'],
    ['UTC-11', 'Etc/GMT+11'],
    ['Eastern', 'America/New_York'],
    ['Eastern Time (US & Canada)', 'America/New_York'],
    ['W. Europe', 'Europe/Berlin'],
    ['Western/Central Europe', 'Europe/Berlin'],
    ['(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna', 'Europe/Amsterdam'],
    ['(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien', 'Europe/Amsterdam'],
    ['(GMT+01.00) Sarajevo/Warsaw/Zagreb', 'Europe/Sarajevo'],
    ['(UTC-05:00) Eastern Time (US & Canada)', 'America/New_York'],
    ['(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi', 'Asia/Kolkata'],
    ['(UTC-03:00) Brasilia', 'America/Sao_Paulo'],
    ['(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London', 'Europe/Dublin'],
    ['Amsterdam, Belgrade, Berlin, Brussels, Budapest', 'Europe/Amsterdam'],
    ['Kuala Lumpur, Singapore', 'Asia/Kuala_Lumpur'],
    ['/freeassociation.sourceforge.net/Tzfile/Europe/Berlin', 'Europe/Berlin'],
    ['/mozilla.org/20050126_1/America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['/Europe/Stockholm', 'Europe/Stockholm'],
    ['TZID=Europe/Berlin', 'Europe/Berlin'],
  ]
  it.each(names)('%s', (name, tzid) => {
    expect(resolveZone(name)).toEqual({ kind: 'iana', tzid })
  })

  it.each(['UTC', 'GMT', 'Etc/UTC', 'Z', 'tzone://Microsoft/Utc', '/example.com/Tzfile/UTC'])('%s is UTC', (name) => {
    expect(resolveZone(name)).toEqual({ kind: 'utc' })
  })

  it('beats a VTIMEZONE that says something else', () => {
    const wrong: Vtimezone = {
      tzid: 'America/New_York',
      observances: [observance('standard', 9, 9, '1970-01-01T00:00:00')],
    }
    expect(resolveZone('America/New_York', wrong, SPAN)).toEqual({ kind: 'iana', tzid: 'America/New_York' })
  })
})

describe('a name that no table knows', () => {
  it.each(['Customized Time Zone', 'tzone://Microsoft/Custom', 'Europe/Germany', 'PST', 'constructor', '__proto__'])(
    '%s is unknown without rules',
    (name) => {
      expect(resolveZone(name)).toEqual({ kind: 'unknown' })
      expect(resolveZone(name, { tzid: name, observances: [] }, SPAN)).toEqual({ kind: 'unknown' })
    },
  )

  it('is called by the IANA zone with the same rules', () => {
    expect(resolveZone('Customized Time Zone', european('Customized Time Zone'), SPAN)).toEqual({
      kind: 'iana',
      tzid: 'Europe/Berlin',
      warning: 'zone_matched_by_rules',
    })
  })

  it('is not called by a zone whose changes fall on other days', () => {
    const odd: Vtimezone = {
      tzid: 'Odd',
      observances: [
        observance('standard', 2, 1, '1970-09-06T03:00:00', 'FREQ=YEARLY;BYMONTH=9;BYDAY=1SU'),
        observance('daylight', 1, 2, '1970-05-03T02:00:00', 'FREQ=YEARLY;BYMONTH=5;BYDAY=1SU'),
      ],
    }
    expect(resolveZone('Odd', odd, SPAN)).toMatchObject({
      kind: 'custom',
      warning: 'custom_zone',
      zone: { tzid: 'Odd' },
    })
  })

  it('is not called by a zone that changes on the same days at another hour', () => {
    const late: Vtimezone = {
      tzid: 'Late',
      observances: european('Late').observances.map((rule) => ({ ...rule, start: rule.start.replace(/T\d\d/, 'T23') })),
    }
    expect(resolveZone('Late', late, SPAN)).toMatchObject({ kind: 'custom' })
  })

  it('is called by the best-known zone of several with the same rules', () => {
    const pacific: Vtimezone = {
      tzid: 'Customized Time Zone',
      observances: [
        observance('standard', -7, -8, '2007-11-04T02:00:00', 'FREQ=YEARLY;BYMONTH=11;BYDAY=1SU'),
        observance('daylight', -8, -7, '2007-03-11T02:00:00', 'FREQ=YEARLY;BYMONTH=3;BYDAY=2SU'),
      ],
    }
    expect(resolveZone('Customized Time Zone', pacific, SPAN)).toMatchObject({ tzid: 'America/Los_Angeles' })
  })

  it('keeps the rules of a zone that never changes by its whole-hour name', () => {
    const fixed: Vtimezone = { tzid: 'X', observances: [observance('standard', 3, 3, '1970-01-01T00:00:00')] }
    expect(resolveZone('X', fixed, SPAN)).toMatchObject({ kind: 'iana', tzid: 'Etc/GMT-3' })
  })

  it('is found by X-LIC-LOCATION before its rules are looked at', () => {
    expect(resolveZone('Nowhere', { ...european('Nowhere'), location: 'Europe/Paris' }, SPAN)).toEqual({
      kind: 'iana',
      tzid: 'Europe/Paris',
    })
  })

  it('prefers the rules in the file to the offset in its name', () => {
    expect(resolveZone('UTC+9', european('UTC+9'), SPAN)).toMatchObject({ tzid: 'Europe/Berlin' })
  })
})

describe('a name that is only an offset', () => {
  it.each([
    ['UTC+2', 'Etc/GMT-2'],
    ['GMT-0500', 'Etc/GMT+5'],
    ['(UTC+03:00) Nowhere', 'Etc/GMT-3'],
    ['+14:00', 'Etc/GMT-14'],
  ])('%s', (name, tzid) => {
    expect(resolveZone(name)).toEqual({ kind: 'iana', tzid, warning: 'zone_from_offset' })
  })

  it('+05:30 becomes a zone of its own', () => {
    expect(resolveZone('UTC+05:30')).toMatchObject({
      kind: 'custom',
      warning: 'zone_from_offset',
      zone: { tzid: 'UTC+0530', observances: [{ offsetToSeconds: 19_800 }] },
    })
  })

  it.each(['UTC+25', '+99:99', 'UTC+5:75'])('%s is no offset', (name) => {
    expect(resolveZone(name)).toEqual({ kind: 'unknown' })
  })
})
