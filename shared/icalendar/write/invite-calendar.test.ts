import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import type { CalendarRevision } from './calendar-revision.ts'
import { linesOf, madrid, recurring, revisionOf, seriesOf, textOf, veventOf } from './revision.fixture.ts'

function veventsOf(revision: CalendarRevision): ICAL.Component[] {
  return new ICAL.Component(ICAL.parse(textOf(revision))).getAllSubcomponents('vevent')
}

const weekly = seriesOf({ master: veventOf({ recurrence: recurring('FREQ=WEEKLY;BYDAY=TU') }) })

describe('a single event', () => {
  it('has the lines of the recipe in its order, times in UTC and no VTIMEZONE', () => {
    const master = veventOf({
      location: 'Calle Mayor 1, Madrid',
      description: 'Come\nall; of you',
      url: 'https://example.com/a b',
    })
    expect(linesOf(revisionOf(seriesOf({ master })))).toEqual([
      'BEGIN:VCALENDAR',
      'PRODID:-//Convoke//Convoke 1.0//EN',
      'VERSION:2.0',
      'CALSCALE:GREGORIAN',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'DTSTART:20260303T090000Z',
      'DTEND:20260303T100000Z',
      'DTSTAMP:20260220T091500Z',
      'ORGANIZER;CN="Ana Diaz":mailto:r-token@events.example.com',
      'UID:evt_01@events.example.com',
      'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="Bob":mailto:bob@example.com',
      'SEQUENCE:2',
      'STATUS:CONFIRMED',
      'TRANSP:OPAQUE',
      'SUMMARY:Spring launch',
      'LOCATION:Calle Mayor 1\\, Madrid',
      'DESCRIPTION:Come\\nall\\; of you',
      'URL:https://example.com/a%20b',
      'X-MICROSOFT-CDO-APPT-SEQUENCE:2',
      'X-MICROSOFT-CDO-BUSYSTATUS:BUSY',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ])
  })

  it('of whole days has DATE values; of no length no DTEND; floating stays floating', () => {
    const days = veventOf({
      isAllDay: true,
      dtstart: { kind: 'date', date: '2026-03-03' },
      dtend: { kind: 'date', date: '2026-03-05' },
    })
    const lines = linesOf(revisionOf(seriesOf({ master: days })))
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART;VALUE=DATE:20260303',
        'DTEND;VALUE=DATE:20260305',
        'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
      ]),
    )
    const moment = { kind: 'floating', local: '2026-03-03T10:00:00' } as const
    const short = linesOf(revisionOf(seriesOf({ master: veventOf({ dtstart: moment, dtend: moment }) })))
    expect(short).toContain('DTSTART:20260303T100000')
    expect(short.some((line) => line.startsWith('DTEND'))).toBe(false)
  })

  it('says how busy it makes: tentative, free', () => {
    const busy = (change: Parameters<typeof veventOf>[0]) => linesOf(revisionOf(seriesOf({ master: veventOf(change) })))
    expect(busy({ status: 'TENTATIVE' })).toEqual(
      expect.arrayContaining(['STATUS:TENTATIVE', 'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE']),
    )
    expect(busy({ transp: 'TRANSPARENT' })).toEqual(
      expect.arrayContaining(['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE']),
    )
  })

  it('passes on no link but a web address, and no line break out of any text', () => {
    const hostile = 'x\r\nATTENDEE:mailto:eve@example.org\nEND:VEVENT\u2028BEGIN:VALARM'
    const lines = linesOf(
      revisionOf(
        seriesOf({
          master: veventOf({ url: 'javascript:alert(1)', summary: hostile, location: hostile, description: hostile }),
        }),
      ),
    )
    expect(lines.filter((line) => /^(?:URL|BEGIN:VALARM)/.test(line))).toEqual([])
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(1)
    expect(lines.filter((line) => line === 'END:VEVENT')).toHaveLength(1)
  })
})

describe('a series', () => {
  it('keeps its zone and carries the VTIMEZONE of every TZID', () => {
    const lines = linesOf(revisionOf(weekly))
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART;TZID=Europe/Madrid:20260303T100000',
        'RRULE:FREQ=WEEKLY;BYDAY=TU',
        'TZID:Europe/Madrid',
      ]),
    )
    expect(lines.filter((line) => line === 'BEGIN:VTIMEZONE')).toHaveLength(1)
    expect(lines.indexOf('END:VTIMEZONE')).toBeLessThan(lines.indexOf('BEGIN:VEVENT'))
  })

  it('writes overrides with RECURRENCE-ID in the form of DTSTART, whatever form it came in', () => {
    const moved = veventOf({
      recurrenceId: { kind: 'utc', instant: '2026-03-31T08:00:00Z' },
      recurrenceKey: '2026-03-31T08:00:00Z',
      dtstart: {
        kind: 'zoned',
        local: '2026-03-31T18:00:00',
        tzid: 'America/New_York',
        instant: '2026-03-31T22:00:00Z',
      },
      dtend: { kind: 'zoned', local: '2026-03-31T19:00:00', tzid: 'America/New_York', instant: '2026-03-31T23:00:00Z' },
    })
    const revision = revisionOf({ ...weekly, overrides: [moved] })
    const lines = linesOf(revision)
    expect(lines).toEqual(
      expect.arrayContaining([
        'RECURRENCE-ID;TZID=Europe/Madrid:20260331T100000',
        'DTSTART;TZID=America/New_York:20260331T180000',
        'TZID:America/New_York',
      ]),
    )
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(2)
    expect(veventsOf(revision).map((each) => each.getFirstPropertyValue('uid'))).toEqual([
      'evt_01@events.example.com',
      'evt_01@events.example.com',
    ])
  })

  it('turns called-off instances into EXDATE, each once, in the form of DTSTART', () => {
    const gone = {
      recurrenceKey: '2026-03-10T09:00:00Z',
      recurrenceId: { kind: 'utc', instant: '2026-03-10T09:00:00Z' },
      sequence: 1,
      dtstamp: '2026-02-20T00:00:00Z',
    } as const
    const off = veventOf({
      status: 'CANCELLED',
      recurrenceId: madrid('2026-03-17T10:00:00', '2026-03-17T09:00:00Z'),
      recurrenceKey: '2026-03-17T09:00:00Z',
    })
    const master = veventOf({
      recurrence: recurring('FREQ=WEEKLY', {
        exdates: [
          { kind: 'date', date: '2026-03-10' },
          { kind: 'date', date: '2026-03-24' },
        ],
      }),
    })
    const lines = linesOf(revisionOf(seriesOf({ master, cancelled: [gone], overrides: [off] })))
    expect(lines.filter((line) => line.startsWith('EXDATE'))).toEqual([
      'EXDATE;TZID=Europe/Madrid:20260310T100000',
      'EXDATE;TZID=Europe/Madrid:20260324T100000',
      'EXDATE;TZID=Europe/Madrid:20260317T100000',
    ])
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1)
  })

  it('without a master goes as naked instances in UTC', () => {
    const naked = (day: string) =>
      veventOf({
        recurrenceId: madrid(`${day}T10:00:00`, `${day}T09:00:00Z`),
        recurrenceKey: `${day}T09:00:00Z`,
        dtstart: madrid(`${day}T10:00:00`, `${day}T09:00:00Z`),
        dtend: madrid(`${day}T11:00:00`, `${day}T10:00:00Z`),
      })
    const lines = linesOf(revisionOf(seriesOf({ overrides: [naked('2026-03-03'), naked('2026-03-10')] })))
    expect(lines.filter((line) => /^(?:DTSTART|RECURRENCE-ID)/.test(line))).toEqual([
      'DTSTART:20260303T090000Z',
      'RECURRENCE-ID:20260303T090000Z',
      'DTSTART:20260310T090000Z',
      'RECURRENCE-ID:20260310T090000Z',
    ])
    expect(lines).not.toContain('BEGIN:VTIMEZONE')
  })

  it('of whole days names its instances by DATE', () => {
    const master = veventOf({
      dtstart: { kind: 'date', date: '2026-03-03' },
      dtend: { kind: 'date', date: '2026-03-04' },
      recurrence: recurring('FREQ=DAILY;COUNT=5', { rdates: [{ kind: 'date', date: '2026-04-01' }] }),
    })
    const gone = {
      recurrenceKey: '2026-03-04',
      recurrenceId: { kind: 'date', date: '2026-03-04' },
      sequence: 1,
      dtstamp: '2026-02-20T00:00:00Z',
    } as const
    expect(linesOf(revisionOf(seriesOf({ master, cancelled: [gone] })))).toEqual(
      expect.arrayContaining(['RDATE;VALUE=DATE:20260401', 'EXDATE;VALUE=DATE:20260304']),
    )
  })
})
