import { describe, expect, it } from 'vitest'
import { calendarText, onlyCalendar, veventLines, veventOf } from '../testing/calendar-text.ts'
import { parseCalendars } from './parse-calendars.ts'

const reasonsOf = (text: string): readonly string[] =>
  parseCalendars(Buffer.from(text)).unreadable.map(({ reason }) => reason)

describe('METHOD', () => {
  it.each([
    [['METHOD:REQUEST'], 'REQUEST'],
    [['method: reply '], 'REPLY'],
    [['METHOD:CANCEL', 'METHOD:REQUEST'], 'CANCEL'],
    [[], undefined],
    [['METHOD:'], undefined],
  ])('%j', (lines, method) => {
    expect(onlyCalendar(calendarText(...lines, ...veventLines())).method).toBe(method)
  })

  it('that no standard knows is unreadable', () => {
    expect(reasonsOf(calendarText('METHOD:DESTROY', ...veventLines()))).toEqual(['unknown_method'])
  })

  it('repeated is told', () => {
    expect(onlyCalendar(calendarText('METHOD:CANCEL', 'METHOD:REQUEST', ...veventLines())).warnings).toContain(
      'repeated_property',
    )
  })
})

describe('PRODID tells the client', () => {
  it.each([
    ['-//Google Inc//Google Calendar 70.9054//EN', 'google'],
    ['Microsoft Exchange Server 2010', 'outlook'],
    ['-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN', 'outlook'],
    ['-//Apple Inc.//macOS 15.0//EN', 'apple'],
    ['-//Apple Inc.//iOS 18.0//EN', 'apple'],
    ['-//Yahoo//Calendar//EN', 'yahoo'],
    ['-//Example//Server 1.0//EN', 'other'],
  ])('%s', (prodid, client) => {
    const text = calendarText(...veventLines()).replace(/PRODID:.*/, `PRODID:${prodid}`)
    expect(onlyCalendar(text)).toMatchObject({ prodid, client })
  })
})

describe('texts that are no calendar', () => {
  it.each([
    ['', 'not_a_calendar'],
    ['Dear all, see you on Tuesday', 'not_a_calendar'],
    ['BEGIN:VCARD\r\nEND:VCARD', 'not_a_calendar'],
    ['BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT', 'not_a_calendar'],
    ['He wrote "BEGIN:VCALENDARS" and so on', 'not_a_calendar'],
    ['BEGIN:VCALENDAR', 'truncated_calendar'],
    ['BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260303\r\nEND:VEVENT\r\n', 'truncated_calendar'],
    ['BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTA', 'truncated_calendar'],
  ])('%j', (text, reason) => {
    expect(reasonsOf(text)).toEqual([reason])
  })
})

describe('several', () => {
  it('VCALENDARs in one text are all read', () => {
    const text = calendarText(...veventLines('UID:1')) + calendarText(...veventLines('UID:2'))
    expect(parseCalendars(Buffer.from(text)).calendars.map(({ vevents }) => vevents[0]?.uid)).toEqual(['1', '2'])
  })

  it('VCALENDARs: a cut one does not take the next with it', () => {
    const cut = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260303\r\n'
    const parsed = parseCalendars(Buffer.from(cut + calendarText(...veventLines('UID:2'))))
    expect(parsed.calendars.map(({ vevents }) => vevents[0]?.uid)).toEqual(['2'])
    expect(parsed.unreadable).toMatchObject([{ reason: 'truncated_calendar' }])
  })

  it('UIDs in one calendar are all read', () => {
    const calendar = onlyCalendar(calendarText(...veventLines('UID:1'), ...veventLines('UID:2')))
    expect(calendar.vevents.map(({ uid }) => uid)).toEqual(['1', '2'])
  })

  it('VEVENTs of one UID are lost together, others are not', () => {
    const text = calendarText(
      ...veventLines('UID:1'),
      ...veventLines('UID:1', 'RECURRENCE-ID;TZID=Nowhere:20260310T100000'),
      ...veventLines('UID:2'),
    )
    const parsed = parseCalendars(Buffer.from(text))
    expect(parsed.calendars[0]?.vevents.map(({ uid }) => uid)).toEqual(['2'])
    expect(parsed.unreadable).toEqual([{ reason: 'unknown_zone', detail: 'Nowhere' }])
  })
})

describe('other components', () => {
  it('are named', () => {
    const calendar = onlyCalendar(
      calendarText('BEGIN:VTODO', 'UID:1', 'END:VTODO', 'BEGIN:VTODO', 'END:VTODO', 'BEGIN:VPOLL', 'END:VPOLL'),
    )
    expect(calendar).toMatchObject({ vevents: [], otherComponents: ['VTODO', 'VPOLL'] })
  })

  it('nested beyond reason are ignored, and the rest is read', () => {
    const deep = [...Array(50).fill('BEGIN:X-BOX'), ...Array(50).fill('END:X-BOX')]
    const calendar = onlyCalendar(calendarText(...deep, ...veventLines('SUMMARY:still here')))
    expect(veventOf(calendar).summary).toBe('still here')
  })

  it('inside a VEVENT do not end it', () => {
    const calendar = onlyCalendar(
      calendarText(...veventLines('BEGIN:PARTICIPANT', 'SUMMARY:no', 'END:PARTICIPANT', 'SUMMARY:yes')),
    )
    expect(veventOf(calendar).summary).toBe('yes')
    expect(calendar.warnings).toEqual([])
  })
})

describe('a text beyond the caps is refused whole', () => {
  it.each([
    ['too many VEVENTs', calendarText(...Array(2001).fill('BEGIN:VEVENT\r\nEND:VEVENT'))],
    ['too many lines', `BEGIN:VCALENDAR${'\n'.repeat(300_000)}`],
    ['too many line breaks', '\r'.repeat(1_100_000)],
    ['too many calendars', 'BEGIN:VCALENDAR\nX-A:1\n'.repeat(102)],
    ['too many bytes', 'x'.repeat(13 * 1024 * 1024)],
  ])('%s', (_, text) => {
    expect(reasonsOf(text)).toEqual(['too_many_components'])
  })
})

describe('a custom zone', () => {
  const zone = (offset: string): readonly string[] => [
    'BEGIN:VTIMEZONE',
    'TZID:Customized Time Zone',
    'BEGIN:STANDARD',
    'DTSTART:16010101T000000',
    'TZOFFSETFROM:+0217',
    `TZOFFSETTO:${offset}`,
    'END:STANDARD',
    'END:VTIMEZONE',
  ]
  const calendarWith = (offset: string) =>
    onlyCalendar(calendarText(...zone(offset), ...veventLines('DTSTART;TZID="Customized Time Zone":20260303T100000')))

  it('is kept with its rules under a name made of them', () => {
    const calendar = calendarWith('+0217')
    expect(calendar.warnings).toContain('custom_zone')
    expect(calendar.customZones).toMatchObject([{ observances: [{ offsetToSeconds: 8220 }] }])
    expect(veventOf(calendar).dtstart).toMatchObject({
      tzid: calendar.customZones[0]?.tzid,
      instant: '2026-03-03T07:43:00Z',
    })
    expect(calendar.customZones[0]?.tzid).toMatch(/^Customized-Time-Zone\.[0-9a-f]{8}$/)
  })

  it('with other rules has another name', () => {
    expect(calendarWith('+0218').customZones[0]?.tzid).not.toBe(calendarWith('+0217').customZones[0]?.tzid)
  })
})
