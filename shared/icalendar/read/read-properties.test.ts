import { describe, expect, it } from 'vitest'
import type { CalendarObject } from '../model.ts'
import { calendarText, onlyCalendar, onlyVevent, veventLines, veventOf } from '../testing/calendar-text.ts'
import { SUMMARY_CHARS_MAX } from './limits.ts'

const calendarOf = (...lines: readonly string[]): CalendarObject => onlyCalendar(calendarText(...veventLines(...lines)))

describe('text', () => {
  it.each([
    ['SUMMARY:a\\, b\\; c\\\\d', 'a, b; c\\d'],
    ['SUMMARY:line\\nbreak\\Nhere', 'line break here'],
    ['SUMMARY:C:\\temp', 'C:\\temp'],
    ['SUMMARY;LANGUAGE=de:Grüße', 'Grüße'],
    ['SUMMARY:a\u0000b\u0007c', 'abc'],
    ['SUMMARY:  padded  ', 'padded'],
    ['summary:lower case name', 'lower case name'],
    ['SUMMARY;X-A="a:b;c":quoted parameter', 'quoted parameter'],
    ['SUMMARY:https://example.com/?a=b;c:d', 'https://example.com/?a=b;c:d'],
    ['SUMMARY:', ''],
  ])('%j', (line, summary) => {
    expect(onlyVevent(line).summary).toBe(summary)
  })

  it('is cut at its limit, never inside a surrogate pair', () => {
    const calendar = calendarOf(`SUMMARY:x${'🎉'.repeat(SUMMARY_CHARS_MAX)}`)
    expect(calendar.warnings).toContain('text_truncated')
    expect(veventOf(calendar).summary).toHaveLength(SUMMARY_CHARS_MAX - 1)
    expect(veventOf(calendar).summary.isWellFormed()).toBe(true)
  })

  it.each(['SUMMARY', 'STATUS', 'UID', 'DTSTART', 'LOCATION', 'DESCRIPTION'])('%s repeated: the first wins', (name) => {
    const values: Readonly<Record<string, readonly [string, string]>> = {
      SUMMARY: ['first', 'second'],
      STATUS: ['TENTATIVE', 'CANCELLED'],
      UID: ['first', 'second'],
      DTSTART: ['20260303', '20270303'],
      LOCATION: ['first', 'second'],
      DESCRIPTION: ['first', 'second'],
    }
    const [first = '', second = ''] = values[name] ?? []
    const twice = calendarOf(`${name}:${first}`, `${name}:${second}`)
    expect(twice.warnings).toContain('repeated_property')
    expect(twice.vevents).toEqual(calendarOf(`${name}:${first}`).vevents)
  })
})

describe('SEQUENCE', () => {
  it.each([
    [[], 0, false],
    [['SEQUENCE:3'], 3, true],
    [['SEQUENCE: 3 '], 3, true],
    [['SEQUENCE:3.7'], 3, true],
    [['SEQUENCE:three'], 0, false],
    [['SEQUENCE:-5'], 0, true],
    [['SEQUENCE:99999999999'], 2_147_483_647, true],
    [['SEQUENCE:1', 'X-MICROSOFT-CDO-APPT-SEQUENCE:4'], 4, true],
    [['SEQUENCE:5', 'X-MICROSOFT-CDO-APPT-SEQUENCE:4'], 5, true],
    [['X-MICROSOFT-CDO-APPT-SEQUENCE:4'], 4, true],
    [['SEQUENCE:1', 'SEQUENCE:9'], 1, true],
  ])('%j', (lines, sequence, hasSequence) => {
    expect(onlyVevent(...lines)).toMatchObject({ sequence, hasSequence })
  })

  it('out of range or no number is told', () => {
    expect(calendarOf('SEQUENCE:99999999999').warnings).toContain('sequence_clamped')
    expect(calendarOf('SEQUENCE:-1').warnings).toContain('sequence_clamped')
    expect(calendarOf('SEQUENCE:x').warnings).toContain('bad_property')
  })
})

describe('DTSTAMP', () => {
  it.each([
    ['DTSTAMP:20260220T091500Z', '2026-02-20T09:15:00Z'],
    ['DTSTAMP:20260220T091500', '2026-02-20T09:15:00Z'],
    ['DTSTAMP;TZID=Europe/Berlin:20260220T091500', '2026-02-20T09:15:00Z'],
    ['DTSTAMP:20260220T091500+0100', '2026-02-20T08:15:00Z'],
    ['DTSTAMP:20260220', '2026-02-20T00:00:00Z'],
  ])('%s', (line, dtstamp) => {
    expect(onlyVevent(line).dtstamp).toBe(dtstamp)
  })

  it('missing or unreadable is the mail’s Date', () => {
    const text = calendarText('BEGIN:VEVENT', 'UID:1', 'DTSTART:20260303', 'DTSTAMP:soon', 'END:VEVENT')
    const calendar = onlyCalendar(text, { mailDate: Date.UTC(2026, 1, 20, 9, 15) })
    expect(veventOf(calendar).dtstamp).toBe('2026-02-20T09:15:00Z')
    expect(calendar.warnings).toContain('dtstamp_missing')
    expect(veventOf(onlyCalendar(text)).dtstamp).toBe('1970-01-01T00:00:00Z')
  })
})

describe('other properties', () => {
  it.each([
    ['STATUS:tentative', { status: 'TENTATIVE' }],
    ['STATUS:CANCELED', { status: 'CANCELLED' }],
    ['STATUS:X-ODD', { status: 'CONFIRMED' }],
    ['TRANSP:transparent', { transp: 'TRANSPARENT' }],
    ['TRANSP:X-ODD', { transp: 'OPAQUE' }],
    ['URL:https://example.com/meeting', { url: 'https://example.com/meeting' }],
    ['LOCATION:Room 1\\nFloor 2', { location: 'Room 1\nFloor 2' }],
    ['COMMENT:I come later\\, sorry', { comment: 'I come later, sorry' }],
    ['REQUEST-STATUS:2.0;Success', { requestStatus: '2.0;Success' }],
  ])('%s', (line, expected) => {
    expect(onlyVevent(line)).toMatchObject(expected)
  })

  it.each(['URL:javascript:alert(1)', 'URL:data:text/html,x', 'URL:file:///etc/passwd', 'URL:'])(
    '%s is no address to open',
    (line) => {
      expect(onlyVevent(line).url).toBeUndefined()
    },
  )

  it.each([
    ['CLASS:PRIVATE', 'private_class'],
    ['CLASS:confidential', 'private_class'],
    ['ATTACH:https://example.com/a.pdf', 'attachment_dropped'],
    ['ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA', 'attachment_dropped'],
  ])('%s is told', (line, warning) => {
    expect(calendarOf(line).warnings).toContain(warning)
  })

  it('a public event is told of nothing', () => {
    expect(calendarOf('CLASS:PUBLIC', 'SUMMARY:x').warnings).toEqual([])
  })

  it('a missing UID is made of the content, the same each time', () => {
    const text = (summary: string): string =>
      calendarText('BEGIN:VEVENT', 'DTSTART:20260303', `SUMMARY:${summary}`, 'END:VEVENT')
    const uid = veventOf(onlyCalendar(text('a'))).uid
    expect(uid).toMatch(/^without-uid-[0-9a-f]{32}$/)
    expect(veventOf(onlyCalendar(text('a'))).uid).toBe(uid)
    expect(veventOf(onlyCalendar(text('b'))).uid).not.toBe(uid)
  })
})

describe('a description', () => {
  it('keeps plain text as it is', () => {
    const vevent = onlyVevent('DESCRIPTION:a < b & c > d\\nhttps://example.com <https://example.com>')
    expect(vevent.description).toBe('a < b & c > d\nhttps://example.com <https://example.com>')
    expect(vevent.descriptionHtml).toBeUndefined()
  })

  it('in HTML is sanitised, and its text derived', () => {
    const vevent = onlyVevent(
      'DESCRIPTION:<p onclick="x()">Hi <b>all</b></p><script>steal()</script><a href="javascript:x">no</a> <a href="https://example.com">yes</a><img src="https://example.com/t.gif">',
    )
    expect(vevent.descriptionHtml).toBe('<p>Hi <b>all</b></p><a>no</a> <a href="https://example.com">yes</a>')
    expect(vevent.description).toBe('Hi all\nno yes')
  })

  it('in HTML links to the web and to mailboxes only', () => {
    const html = ['ftp://example.com', 'data:text/html,x', '//example.com', 'mailto:a@example.com', 'tel:+34123']
    const vevent = onlyVevent(`DESCRIPTION:<p>${html.map((href) => `<a href="${href}">x</a>`).join('')}</p>`)
    expect(vevent.descriptionHtml).toBe(
      '<p><a>x</a><a>x</a><a>x</a><a href="mailto:a@example.com">x</a><a href="tel:+34123">x</a></p>',
    )
  })

  it('in HTML keeps its line breaks', () => {
    expect(onlyVevent('DESCRIPTION:<b>one</b>\\ntwo &amp; three').description).toBe('one\ntwo & three')
  })

  it('takes its HTML from X-ALT-DESC', () => {
    const vevent = onlyVevent('DESCRIPTION:plain', 'X-ALT-DESC;FMTTYPE=text/html:<html><body><i>rich</i></body></html>')
    expect(vevent).toMatchObject({ description: 'plain', descriptionHtml: '<i>rich</i>' })
    expect(onlyVevent('X-ALT-DESC;FMTTYPE=text/html:<i>rich</i>').description).toBe('rich')
  })

  it('takes its HTML from a data: ALTREP and from no other', () => {
    expect(onlyVevent('DESCRIPTION;ALTREP="data:text/html,%3Cb%3Ex%3C%2Fb%3E":x').descriptionHtml).toBe('<b>x</b>')
    expect(onlyVevent('DESCRIPTION;ALTREP="CID:part1":x').descriptionHtml).toBeUndefined()
    expect(onlyVevent('DESCRIPTION;ALTREP="data:text/html,%ZZ":x').descriptionHtml).toBeUndefined()
  })
})
