import { type Bomb, calendarMail, many, vcalendar, vevent } from './bomb.ts'

const CRLF = '\r\n'
const observance = (kind: string, lines: readonly string[]): string =>
  [`BEGIN:${kind}`, 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', ...lines, `END:${kind}`].join(
    CRLF,
  )

/** A calendar with a zone of its own, and an event that repeats in it. */
function zoned(observances: readonly string[], tzid = 'My Own Zone'): Buffer {
  const zone = ['BEGIN:VTIMEZONE', `TZID:${tzid}`, ...observances, 'END:VTIMEZONE'].join(CRLF)
  return calendarMail(vcalendar([zone, vevent([`DTSTART;TZID=${tzid}:20260303T100000`, 'RRULE:FREQ=DAILY'])]))
}

const standard = observance('STANDARD', [])

export const zoneBombs: readonly Bomb[] = [
  {
    name: 'a-zone-of-a-hundred-thousand-observances',
    mail: (scale) => zoned(Array.from({ length: many(scale, 100_000, 250_000) }, () => standard)),
  },
  {
    name: 'a-zone-that-changes-every-second',
    mail: () => zoned([standard, observance('DAYLIGHT', ['RRULE:FREQ=SECONDLY'])]),
  },
  {
    name: 'a-zone-that-changes-on-the-thirtieth-of-february',
    mail: () => zoned([standard, observance('DAYLIGHT', ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'])]),
  },
  {
    name: 'a-zone-that-changes-on-dates-by-the-hundred-thousand',
    mail: (scale) => {
      const rdates = Array.from(
        { length: many(scale, 100_000, 800_000) },
        (_, index) => `RDATE:${19700101 + index}T000000`,
      )
      return zoned([standard, observance('DAYLIGHT', rdates)])
    },
  },
  {
    name: 'a-zone-with-four-hundred-rules',
    mail: () =>
      zoned(
        Array.from({ length: 400 }, (_, index) =>
          observance('DAYLIGHT', [`RRULE:FREQ=YEARLY;BYMONTH=${(index % 12) + 1};BYDAY=-1SU`]),
        ),
      ),
  },
  {
    name: 'a-zone-since-the-year-1',
    mail: () =>
      zoned([
        standard.replace('19700101', '00010101'),
        observance('DAYLIGHT', ['RRULE:FREQ=DAILY']).replace('19700101', '00010101'),
      ]),
  },
  {
    name: 'a-zone-of-monstrous-offsets',
    mail: () => zoned([standard.replace('+0200', '+9999999999'), observance('DAYLIGHT', ['TZOFFSETTO:-9999'])]),
  },
  {
    name: 'ten-thousand-zones',
    mail: (scale) => {
      const zones = Array.from({ length: many(scale, 10_000, 150_000) }, (_, index) =>
        ['BEGIN:VTIMEZONE', `TZID:Zone ${index}`, standard, 'END:VTIMEZONE'].join(CRLF),
      )
      return calendarMail(vcalendar([...zones, vevent(['DTSTART;TZID=Zone 9:20260303T100000'])]))
    },
  },
  {
    name: 'an-unknown-zone-in-a-thousand-events',
    mail: () => {
      const events = Array.from({ length: 1900 }, (_, index) =>
        vevent([`DTSTART;TZID=Nowhere/${index}:20260303T100000`], `u${index}@example.com`),
      )
      return calendarMail(vcalendar(events))
    },
  },
  {
    name: 'a-zone-in-use-by-twenty-thousand-dates',
    mail: () => {
      const dates = Array.from(
        { length: 20_000 },
        (_, index) => `2026${String((index % 12) + 1).padStart(2, '0')}01T${String(index % 24).padStart(2, '0')}0000`,
      )
      const zone = [
        'BEGIN:VTIMEZONE',
        'TZID:Mine',
        standard,
        observance('DAYLIGHT', ['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU']),
        'END:VTIMEZONE',
      ].join(CRLF)
      return calendarMail(
        vcalendar([
          zone,
          vevent(['DTSTART;TZID=Mine:20260303T100000', 'RRULE:FREQ=DAILY', `EXDATE;TZID=Mine:${dates.join(',')}`]),
        ]),
      )
    },
  },
  { name: 'a-zone-name-of-slashes', mail: (scale) => zoned([standard], '/'.repeat(many(scale, 100_000, 2_000_000))) },
  {
    name: 'a-zone-name-of-patterns',
    mail: (scale) => zoned([standard], `(UTC${'+01:00)('.repeat(many(scale, 50_000, 500_000))}`),
  },
]
