import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarText, onlyCalendar, onlyVevent, veventLines, veventOf } from '../testing/calendar-text.ts'
import { parseCalendars } from './parse-calendars.ts'

const TEXT = calendarText(
  'METHOD:REQUEST',
  ...veventLines(
    'SUMMARY:Überraschung 東京 🎉 with a long tail that needs folding more than once, surely',
    'ATTENDEE;CN="Doe, Jöhn";PARTSTAT=ACCEPTED:mailto:john@example.org',
    'DESCRIPTION:First line\\nSecond\\, line',
  ),
)
const MODEL = onlyCalendar(TEXT)

/** Cuts the text's lines at the given byte distances, as a sender that folds between bytes would. */
function foldAt(text: string, distances: readonly number[], breakBytes: string): Buffer {
  const parts: Buffer[] = []
  for (const line of text.split('\r\n')) {
    const bytes = Buffer.from(line)
    let at = 0
    for (const distance of distances) {
      if (at + distance >= bytes.length) break
      parts.push(bytes.subarray(at, at + distance), Buffer.from(breakBytes))
      at += distance
    }
    parts.push(bytes.subarray(at), Buffer.from('\r\n'))
  }
  return Buffer.concat(parts)
}

describe('the same model comes out', () => {
  it('however the lines are folded, also inside UTF-8 sequences', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
        fc.constantFrom('\r\n ', '\r\n\t', '\r\n\r\n ', '\n\n\t', '\n ', '\r\r\n ', '\r '),
        (distances, breakBytes) => {
          expect(onlyCalendar(foldAt(TEXT, distances, breakBytes))).toEqual(MODEL)
        },
      ),
    )
  })

  it('whatever the line ends are', () => {
    const ends = fc.array(fc.constantFrom('\r\n', '\n', '\r', '\r\r\n', '\r\n\r\n'), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(ends, (chosen) => {
        const text = TEXT.split('\r\n').map((line, index) => line + (chosen[index % chosen.length] ?? '\n'))
        expect(onlyCalendar(text.join(''))).toEqual(MODEL)
      }),
    )
  })

  it.each([
    ['with a UTF-8 mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['in UTF-16 little-endian with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['in UTF-16 big-endian with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16()],
    ['in UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')],
    ['after other text', Buffer.from(`Please see below.\r\n\r\n${TEXT}`)],
    ['before a scanner’s footer', Buffer.from(`${TEXT}\r\n--\r\nScanned by Example: no virus found\r\n`)],
    ['with a footer glued to its last line', Buffer.from(`${TEXT.trimEnd()} -- scanned by Example`)],
    ['inside a second BEGIN and END of its own', Buffer.from(`BEGIN:VCALENDAR\r\n${TEXT}END:VCALENDAR\r\n`)],
    ['with lower-case BEGIN and END', Buffer.from(TEXT.replaceAll('BEGIN:', 'begin:').replaceAll('END:', 'End:'))],
    ['with blank lines between', Buffer.from(TEXT.replaceAll('\r\n', '\r\n\r\n'))],
  ])('%s', (_, bytes) => {
    expect(onlyCalendar(bytes)).toEqual(MODEL)
  })

  it('from a view into a larger buffer', () => {
    const large = Buffer.concat([Buffer.alloc(7, 65), Buffer.from(TEXT), Buffer.alloc(9, 66)])
    expect(onlyCalendar(large.subarray(7, large.length - 9))).toEqual(MODEL)
  })
})

describe('charsets', () => {
  const latin = Buffer.from(calendarText(...veventLines('SUMMARY:Grüße an José')), 'latin1')

  it('falls back to windows-1252 and says so', () => {
    const calendar = onlyCalendar(latin)
    expect(veventOf(calendar).summary).toBe('Grüße an José')
    expect(calendar.warnings).toContain('bad_charset')
  })

  it('uses the declared charset where the bytes are not UTF-8', () => {
    const cyrillic = Buffer.concat([
      Buffer.from(
        'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260303\r\nSUMMARY:',
      ),
      Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
      Buffer.from('\r\nEND:VEVENT\r\nEND:VCALENDAR'),
    ])
    const calendar = onlyCalendar(cyrillic, { declaredCharset: 'windows-1251' })
    expect(veventOf(calendar).summary).toBe('Привет')
    expect(calendar.warnings).not.toContain('bad_charset')
  })

  it('believes UTF-8 bytes against a declared latin-1', () => {
    expect(onlyCalendar(TEXT, { declaredCharset: 'iso-8859-1' })).toEqual(MODEL)
  })

  it('does not trip over a charset nobody knows', () => {
    expect(veventOf(onlyCalendar(latin, { declaredCharset: 'x-unknown' })).summary).toBe('Grüße an José')
  })

  it('reads ISO-2022-JP, whose bytes are all ASCII', () => {
    const japanese = Buffer.from(calendarText(...veventLines('SUMMARY:\u001b$B2q5D\u001b(B')))
    expect(veventOf(onlyCalendar(japanese, { declaredCharset: 'iso-2022-jp' })).summary).toBe('会議')
  })

  it('keeps UTF-8 lines of a text whose other lines are not', () => {
    const mixed = Buffer.concat([
      Buffer.from('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260303\r\nSUMMARY:東京\r\nLOCATION:'),
      Buffer.from([0x43, 0x61, 0x66, 0xe9]),
      Buffer.from('\r\nEND:VEVENT\r\nEND:VCALENDAR'),
    ])
    expect(veventOf(onlyCalendar(mixed))).toMatchObject({ summary: '東京', location: 'Café' })
  })
})

describe('stray lines', () => {
  it('are dropped with a warning', () => {
    const calendar = onlyCalendar(calendarText(...veventLines('SUMMARY:Title', 'this line belongs nowhere', '=== 12')))
    expect(veventOf(calendar).summary).toBe('Title')
    expect(calendar.warnings).toContain('cleaned_lines')
  })

  it('inside a VALARM do not reach the event', () => {
    const vevent = onlyVevent('BEGIN:VALARM', 'DESCRIPTION:Reminder', 'SUMMARY:Alarm', 'END:VALARM', 'SUMMARY:Event')
    expect(vevent).toMatchObject({ summary: 'Event' })
    expect(vevent.description).toBeUndefined()
  })

  it('do not hide a lost END:VEVENT', () => {
    const calendar = onlyCalendar(
      calendarText(
        'BEGIN:VEVENT',
        'UID:1',
        'DTSTART:20260303',
        'BEGIN:VEVENT',
        'UID:2',
        'DTSTART:20260304',
        'END:VEVENT',
      ),
    )
    expect(calendar.vevents.map(({ uid }) => uid)).toEqual(['1', '2'])
    expect(calendar.warnings).toContain('cleaned_lines')
  })
})

describe('any bytes at all', () => {
  it('never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => parseCalendars(Buffer.concat([Buffer.from('BEGIN:VCALENDAR\n'), bytes]))).not.toThrow()
      }),
    )
  })

  it('never throw when they are shuffled lines of a calendar', () => {
    const lines = TEXT.split('\r\n')
    fc.assert(
      fc.property(fc.shuffledSubarray(lines), fc.array(fc.nat({ max: 400 })), (shuffled, cuts) => {
        const text = [
          'BEGIN:VCALENDAR',
          ...shuffled.map((line, index) => line.slice(0, cuts[index] ?? 400)),
          'END:VCALENDAR',
        ]
        const parsed = parseCalendars(Buffer.from(text.join('\r\n')))
        expect(parsed.calendars.length + parsed.unreadable.length).toBeGreaterThan(0)
        for (const { reason } of parsed.unreadable) expect(reason).not.toBe('calendar_error')
      }),
    )
  })
})
