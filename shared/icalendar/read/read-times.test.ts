import { describe, expect, it } from 'vitest'
import type { CalendarObject } from '../model.ts'
import { calendarText, onlyCalendar, onlyVevent, veventLines, veventOf } from '../testing/calendar-text.ts'
import { parseDateValue } from './date-value.ts'
import { parseCalendars } from './parse-calendars.ts'

const calendarOf = (...lines: readonly string[]): CalendarObject => onlyCalendar(calendarText(...veventLines(...lines)))

describe('DTSTART', () => {
  it.each([
    ['DTSTART:20260303T090000Z', { kind: 'utc', instant: '2026-03-03T09:00:00Z' }],
    [
      'DTSTART;TZID=Europe/Berlin:20260303T100000',
      { kind: 'zoned', tzid: 'Europe/Berlin', instant: '2026-03-03T09:00:00Z' },
    ],
    ['DTSTART;TZID="W. Europe Standard Time":20260303T100000', { kind: 'zoned', tzid: 'Europe/Berlin' }],
    ['DTSTART;TZID=UTC:20260303T100000', { kind: 'utc', instant: '2026-03-03T10:00:00Z' }],
    ['DTSTART;TZID=Europe/Berlin:20260303T100000Z', { kind: 'utc', instant: '2026-03-03T10:00:00Z' }],
    ['DTSTART;VALUE=DATE:20260303', { kind: 'date', date: '2026-03-03' }],
    ['DTSTART:20260303', { kind: 'date', date: '2026-03-03' }],
    ['DTSTART;TZID=Europe/Berlin:20260303', { kind: 'date', date: '2026-03-03' }],
    ['DTSTART;VALUE=DATE:20260303T000000', { kind: 'date', date: '2026-03-03' }],
    ['DTSTART;VALUE=DATE-TIME;TZID=Europe/Berlin:20260303T100000', { kind: 'zoned', local: '2026-03-03T10:00:00' }],
    ['DTSTART:20260303T100000', { kind: 'floating', local: '2026-03-03T10:00:00' }],
    ['DTSTART;TZID=:20260303T100000', { kind: 'floating', local: '2026-03-03T10:00:00' }],
    ['DTSTART:2026-03-03T10:00:00Z', { kind: 'utc', instant: '2026-03-03T10:00:00Z' }],
    ['DTSTART:20260303T100000+0200', { kind: 'utc', instant: '2026-03-03T08:00:00Z' }],
    ['DTSTART:20260303t1000z', { kind: 'utc', instant: '2026-03-03T10:00:00Z' }],
    ['DTSTART:20260303T240000Z', { kind: 'utc', instant: '2026-03-04T00:00:00Z' }],
    ['DTSTART:20161231T235960Z', { kind: 'utc', instant: '2017-01-01T00:00:00Z' }],
    ['DTSTART;TZID="Europe/Berlin:20260303T100000"', { kind: 'zoned', tzid: 'Europe/Berlin' }],
  ])('%s', (line, expected) => {
    expect(onlyVevent(line).dtstart).toMatchObject(expected)
  })

  it.each(['20260230', '20260001', '20261301T000000Z', '2026', 'tomorrow', '', '20260303T250000', '00000101'])(
    'refuses %s as no date',
    (value) => {
      expect(parseDateValue(value)).toBeUndefined()
      const { unreadable, calendars } = parseCalendars(Buffer.from(calendarText(...veventLines(`DTSTART:${value}`))))
      expect(calendars).toEqual([])
      expect(unreadable).toMatchObject([{ reason: 'no_start' }])
    },
  )

  it('takes 29 February in leap years only', () => {
    expect(parseDateValue('20240229')).toEqual({ kind: 'date', date: '2024-02-29' })
    expect(parseDateValue('21000229')).toBeUndefined()
  })

  it('never lets an unknown zone fall to floating', () => {
    const { calendars, unreadable } = parseCalendars(
      Buffer.from(calendarText(...veventLines('DTSTART;TZID=Customized Time Zone:20260303T100000'))),
    )
    expect(calendars).toEqual([])
    expect(unreadable).toEqual([{ reason: 'unknown_zone', detail: 'Customized Time Zone' }])
  })

  it('missing in a REQUEST is unreadable, missing in a REPLY is not', () => {
    const lines = ['BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20260101T000000Z', 'END:VEVENT']
    expect(parseCalendars(Buffer.from(calendarText('METHOD:REQUEST', ...lines))).unreadable).toMatchObject([
      { reason: 'no_start' },
    ])
    for (const method of ['REPLY', 'CANCEL', 'REFRESH', 'DECLINECOUNTER']) {
      expect(veventOf(onlyCalendar(calendarText(`METHOD:${method}`, ...lines))).dtstart).toEqual({
        kind: 'utc',
        instant: '2026-01-01T00:00:00Z',
      })
    }
  })
})

describe('floating times', () => {
  it('stay floating with a warning', () => {
    const calendar = calendarOf('DTSTART:20260303T100000', 'DTEND:20260303T110000')
    expect(calendar.warnings).toContain('floating_time')
    expect(veventOf(calendar).dtend).toEqual({ kind: 'floating', local: '2026-03-03T11:00:00' })
  })

  it('take X-WR-TIMEZONE, still with a warning', () => {
    const calendar = onlyCalendar(
      calendarText('X-WR-TIMEZONE:Europe/Madrid', ...veventLines('DTSTART:20260303T100000')),
    )
    expect(calendar.wrTimezone).toBe('Europe/Madrid')
    expect(calendar.warnings).toContain('floating_time')
    expect(veventOf(calendar).dtstart).toMatchObject({ kind: 'zoned', instant: '2026-03-03T09:00:00Z' })
  })

  it('ignore an X-WR-TIMEZONE nobody knows', () => {
    const calendar = onlyCalendar(calendarText('X-WR-TIMEZONE:Mars/Base', ...veventLines('DTSTART:20260303T100000')))
    expect(veventOf(calendar).dtstart.kind).toBe('floating')
  })
})

describe('DTEND', () => {
  const zoned = 'DTSTART;TZID=Europe/Berlin:20260303T100000'
  it.each([
    ['missing: no length', [zoned], '2026-03-03T09:00:00Z'],
    ['by DURATION', [zoned, 'DURATION:PT1H30M'], '2026-03-03T10:30:00Z'],
    [
      'by DURATION in days over a change of offset',
      ['DTSTART;TZID=Europe/Berlin:20260328T100000', 'DURATION:P1D'],
      '2026-03-29T08:00:00Z',
    ],
    ['before DTSTART: clamped', [zoned, 'DTEND;TZID=Europe/Berlin:20260303T090000'], '2026-03-03T09:00:00Z'],
    ['in UTC: brought to DTSTART’s zone', [zoned, 'DTEND:20260303T100000Z'], '2026-03-03T10:00:00Z'],
    ['a DATE beside a time: midnight of DTSTART’s zone', [zoned, 'DTEND;VALUE=DATE:20260304'], '2026-03-03T23:00:00Z'],
    ['unreadable: the default', [zoned, 'DTEND:whenever'], '2026-03-03T09:00:00Z'],
    ['beside DURATION: DTEND wins', [zoned, 'DURATION:PT5H', 'DTEND:20260303T100000Z'], '2026-03-03T10:00:00Z'],
    ['by a negative DURATION: clamped', [zoned, 'DURATION:-PT1H'], '2026-03-03T09:00:00Z'],
    ['by a DURATION that is none', [zoned, 'DURATION:one hour'], '2026-03-03T09:00:00Z'],
  ])('%s', (_, lines, instant) => {
    expect(onlyVevent(...lines).dtend).toMatchObject({ kind: 'zoned', tzid: 'Europe/Berlin', instant })
  })

  it('keeps its own zone', () => {
    expect(onlyVevent(zoned, 'DTEND;TZID=America/New_York:20260303T120000').dtend).toEqual({
      kind: 'zoned',
      tzid: 'America/New_York',
      local: '2026-03-03T12:00:00',
      instant: '2026-03-03T17:00:00Z',
    })
  })

  it.each([
    ['of a DATE missing: one day', ['DTSTART:20260303'], '2026-03-04'],
    ['of several days is exclusive', ['DTSTART:20260303', 'DTEND:20260306'], '2026-03-06'],
    ['on the same day: one day', ['DTSTART:20260303', 'DTEND:20260303'], '2026-03-04'],
    ['by DURATION:P3D', ['DTSTART:20260303', 'DURATION:P3D'], '2026-03-06'],
    ['by DURATION:P1W', ['DTSTART:20260303', 'DURATION:P1W'], '2026-03-10'],
    ['as a time of day: that day included', ['DTSTART:20260303', 'DTEND:20260304T120000Z'], '2026-03-05'],
  ])('%s', (_, lines, date) => {
    expect(onlyVevent(...lines)).toMatchObject({ isAllDay: true, dtend: { kind: 'date', date } })
  })

  it('warns of an end before the start and of a length nobody can mean', () => {
    expect(calendarOf('DTSTART:20260303', 'DTEND:20260301').warnings).toContain('end_before_start')
    const long = calendarOf('DTSTART:20260303', 'DTEND:99991231')
    expect(long.warnings).toContain('bad_property')
    expect(veventOf(long).dtend).toEqual({ kind: 'date', date: '2036-03-10' })
  })
})

describe('an all-day event of Outlook', () => {
  it('is midnight to midnight with a mark', () => {
    const lines = ['DTSTART;TZID=Europe/Berlin:20260303T000000', 'DTEND;TZID=Europe/Berlin:20260305T000000']
    expect(onlyVevent(...lines, 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE')).toMatchObject({
      isAllDay: true,
      dtstart: { kind: 'date', date: '2026-03-03' },
      dtend: { kind: 'date', date: '2026-03-05' },
    })
    expect(onlyVevent(...lines, 'X-MICROSOFT-CDO-ALLDAYEVENT:FALSE').isAllDay).toBe(false)
  })

  it('may be written in UTC of the local midnight', () => {
    const utc = ['DTSTART:20260302T230000Z', 'DTEND:20260303T230000Z', 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE']
    expect(onlyVevent(...utc)).toMatchObject({ dtstart: { date: '2026-03-03' }, dtend: { date: '2026-03-04' } })
  })

  it('spans a change of offset by days, not hours', () => {
    const lines = ['DTSTART;TZID=Europe/Berlin:20260329T000000', 'DTEND;TZID=Europe/Berlin:20260330T000000']
    expect(onlyVevent(...lines, 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE')).toMatchObject({
      dtstart: { date: '2026-03-29' },
      dtend: { date: '2026-03-30' },
    })
  })

  it('is none when its times are not whole days', () => {
    const vevent = onlyVevent(
      'DTSTART;TZID=Europe/Berlin:20260303T100000',
      'DTEND;TZID=Europe/Berlin:20260303T110000',
      'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
    )
    expect(vevent.isAllDay).toBe(false)
  })
})
