import { type Bomb, calendarMail, many, vcalendar, vevent, veventMail } from './bomb.ts'

const CRLF = '\r\n'
const nested = (name: string, depth: number): string =>
  `${`BEGIN:${name}${CRLF}`.repeat(depth)}${`END:${name}${CRLF}`.repeat(depth)}`
const attendees = (count: number, parameters = ''): string[] =>
  Array.from(
    { length: count },
    (_, index) => `ATTENDEE;CN="Guest ${index}";RSVP=TRUE${parameters}:mailto:guest${index}@example.com`,
  )

export const calendarSizeBombs: readonly Bomb[] = [
  { name: 'ten-thousand-attendees', mail: () => veventMail(attendees(10_000)) },
  { name: 'a-hundred-thousand-attendees', mail: (scale) => veventMail(attendees(many(scale, 100_000, 350_000))) },
  {
    name: 'attendees-who-delegate-to-thousands',
    mail: () =>
      veventMail(attendees(50, `;DELEGATED-TO=${'"mailto:d@example.com",'.repeat(5000)}"mailto:e@example.com"`)),
  },
  {
    name: 'a-million-lines-of-a-calendar',
    mail: (scale) => veventMail(Array.from({ length: many(scale, 1_000_000, 2_500_000) }, () => 'X-A:b')),
  },
  {
    name: 'a-million-empty-lines-in-a-calendar',
    mail: (scale) => calendarMail(vcalendar([`${CRLF}`.repeat(many(scale, 1_000_000, 10_000_000)), vevent()])),
  },
  {
    name: 'a-line-of-20-megabytes',
    mail: (scale) => veventMail(`DESCRIPTION:${'x'.repeat(many(scale, 20_000_000, 29_000_000))}`),
  },
  {
    name: 'a-line-folded-after-every-letter',
    mail: (scale) => veventMail(`DESCRIPTION:${`x${CRLF} `.repeat(many(scale, 1_000_000, 6_000_000))}`),
  },
  {
    name: 'a-description-of-escapes',
    mail: (scale) => veventMail(`DESCRIPTION:${'\\n\\,\\;\\\\'.repeat(many(scale, 500_000, 3_000_000))}`),
  },
  {
    name: 'a-zone-name-of-a-million-letters',
    mail: () => veventMail(`DTSTART;TZID=${'Z'.repeat(1_000_000)}:20260303T100000`),
  },
  {
    name: 'a-million-parameters',
    mail: (scale) => veventMail(`SUMMARY${';X-A=b'.repeat(many(scale, 1_000_000, 4_000_000))}:x`),
  },
  {
    name: 'a-parameter-quoted-without-end',
    mail: (scale) => veventMail(`SUMMARY;X-A="${'b"c'.repeat(many(scale, 1_000_000, 8_000_000))}:x`),
  },
  {
    name: 'a-parameter-of-carets',
    mail: (scale) => veventMail(`ATTENDEE;CN="${'^n^^'.repeat(many(scale, 500_000, 5_000_000))}":mailto:a@example.com`),
  },
  {
    name: 'colons-and-mailtos-in-a-name',
    mail: (scale) => veventMail(`ATTENDEE;CN=${'Foo:mailto:'.repeat(many(scale, 200_000, 2_000_000))}a@example.com`),
  },
  {
    name: 'a-property-name-of-a-megabyte',
    mail: (scale) => veventMail(`${'X'.repeat(many(scale, 5_000_000, 25_000_000))}:y`),
  },
  {
    name: 'a-uid-of-megabytes',
    mail: (scale) => calendarMail(vcalendar([vevent([], 'u'.repeat(many(scale, 5_000_000, 25_000_000)))])),
  },
  { name: 'components-nested-a-thousand-deep', mail: () => calendarMail(vcalendar([nested('VEVENT', 1000)])) },
  {
    name: 'components-nested-very-deep',
    mail: (scale) => calendarMail(vcalendar([nested('X-DEEP', many(scale, 300_000, 900_000))])),
  },
  {
    name: 'components-that-never-close',
    mail: (scale) =>
      calendarMail(`BEGIN:VCALENDAR${CRLF}${`BEGIN:VEVENT${CRLF}`.repeat(many(scale, 300_000, 1_800_000))}`),
  },
  {
    name: 'components-that-were-never-opened',
    mail: (scale) =>
      calendarMail(`BEGIN:VCALENDAR${CRLF}${`END:VEVENT${CRLF}`.repeat(many(scale, 300_000, 1_800_000))}`),
  },
  {
    name: 'alarms-by-the-hundred-thousand',
    mail: (scale) =>
      veventMail(
        Array.from(
          { length: many(scale, 100_000, 600_000) },
          () => `BEGIN:VALARM${CRLF}TRIGGER:-PT1M${CRLF}END:VALARM`,
        ),
      ),
  },
  {
    name: 'a-hundred-thousand-events',
    mail: (scale) =>
      calendarMail(
        vcalendar(
          Array.from({ length: many(scale, 80_000, 140_000) }, (_, index) => vevent([], `u${index}@example.com`)),
        ),
      ),
  },
  {
    name: 'a-hundred-thousand-calendars',
    mail: (scale) => calendarMail(vcalendar([]).repeat(many(scale, 100_000, 300_000))),
  },
  {
    name: 'calendars-nested-in-calendars',
    mail: (scale) => calendarMail(nested('VCALENDAR', many(scale, 100_000, 800_000))),
  },
  {
    name: 'a-hundred-thousand-todos',
    mail: (scale) =>
      calendarMail(
        vcalendar(Array.from({ length: many(scale, 100_000, 600_000) }, () => nested('VTODO', 1).trimEnd())),
      ),
  },
  {
    name: 'an-attachment-inside-the-calendar',
    mail: (scale) =>
      veventMail(`ATTACH;ENCODING=BASE64;VALUE=BINARY:${'QUJD'.repeat(many(scale, 3_000_000, 7_000_000))}`),
  },
  {
    name: 'urls-of-megabytes',
    mail: (scale) => veventMail(`URL:https://example.com/?${'%41'.repeat(many(scale, 1_000_000, 8_000_000))}`),
  },
  {
    name: 'lines-that-almost-are-properties',
    mail: (scale) => veventMail(Array.from({ length: many(scale, 200_000, 1_000_000) }, () => 'A;B="C;D=:E')),
  },
  {
    name: 'lines-ended-by-lone-carriage-returns',
    mail: (scale) =>
      calendarMail(
        vcalendar([vevent(Array.from({ length: many(scale, 500_000, 3_000_000) }, () => 'X-A:b'))]).replaceAll(
          CRLF,
          '\r',
        ),
      ),
  },
  {
    name: 'lines-ended-by-two-carriage-returns',
    mail: (scale) =>
      calendarMail(
        vcalendar([vevent(Array.from({ length: many(scale, 500_000, 3_000_000) }, () => 'X-A:b'))]).replaceAll(
          CRLF,
          '\r\r\n',
        ),
      ),
  },
  {
    name: 'nul-octets-inside-a-calendar',
    mail: (scale) => veventMail(`SUMMARY:${'a\0'.repeat(many(scale, 2_000_000, 12_000_000))}`),
  },
  {
    name: 'numbers-beyond-all-integers',
    mail: () =>
      veventMail(
        `SEQUENCE:${'9'.repeat(1_000_000)}`,
        `PRIORITY:${'9'.repeat(1_000_000)}`,
        `DTEND:${'9'.repeat(1_000_000)}`,
      ),
  },
]
