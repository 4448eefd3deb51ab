import { type Bomb, calendarMail, many, vcalendar, vevent, veventMail } from './bomb.ts'

const dates = (count: number, startYear = 1990): string[] =>
  Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.UTC(startYear, 0, 1 + index, 10))
    return day.toISOString().replace(/[-:]|\.\d+/g, '')
  })

/** Rules that have hung or filled one engine or another, by name. */
const RULES: { readonly [name: string]: string } = {
  'every-second': 'FREQ=SECONDLY',
  'every-second-a-thousand-million-times': 'FREQ=SECONDLY;COUNT=1000000000',
  'the-thirtieth-of-february-by-seconds': 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
  'the-thirtieth-of-february-by-years': 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'the-thirtyfirst-of-april-by-minutes': 'FREQ=MINUTELY;BYMONTH=4;BYMONTHDAY=31',
  'a-count-of-a-thousand-million': 'FREQ=DAILY;COUNT=1000000000',
  'a-count-beyond-all-integers': 'FREQ=DAILY;COUNT=99999999999999999999999999',
  'an-interval-of-a-thousand-million': 'FREQ=YEARLY;INTERVAL=1000000000',
  'an-interval-of-nothing': 'FREQ=DAILY;INTERVAL=0',
  'an-interval-below-nothing': 'FREQ=DAILY;INTERVAL=-1',
  'until-the-year-9999': 'FREQ=MINUTELY;UNTIL=99991231T235959Z',
  'a-position-that-never-comes': 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366',
  'a-position-in-a-second': 'FREQ=SECONDLY;BYSETPOS=2',
  'week-54': 'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6',
  'day-367-of-the-year': 'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1',
  'the-twentieth-monday-of-a-month': 'FREQ=MONTHLY;BYDAY=20MO',
  'the-sixtieth-second': 'FREQ=MINUTELY;BYSECOND=60',
  'an-hour-that-is-never-struck': 'FREQ=HOURLY;INTERVAL=24;BYHOUR=3',
  'friday-the-thirteenth-in-leap-day-years': 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR;COUNT=500',
  'every-part-at-once': `FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=${numbers(1, 31)};BYHOUR=${numbers(0, 23)};BYMINUTE=${numbers(0, 59)};BYSECOND=${numbers(0, 59)};BYSETPOS=-1`,
  'minutes-of-hours-of-days-expanded': `FREQ=YEARLY;BYHOUR=${numbers(0, 23)};BYMINUTE=${numbers(0, 59)};BYSECOND=${numbers(0, 59)};COUNT=100000`,
  'a-list-of-a-hundred-thousand-days': `FREQ=YEARLY;BYYEARDAY=${Array.from({ length: 100_000 }, (_, index) => (index % 366) + 1).join(',')}`,
  'a-list-of-weekdays-of-a-megabyte': `FREQ=YEARLY;BYDAY=${'1MO,'.repeat(250_000)}MO`,
  'a-rule-of-repeated-parts': `FREQ=DAILY;${'INTERVAL=1;'.repeat(100_000)}COUNT=3`,
}

function numbers(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).join(',')
}

const ruleBombs: readonly Bomb[] = Object.entries(RULES).map(([name, rule]) => ({
  name: `a-rule-of-${name}`,
  mail: () => veventMail(`RRULE:${rule}`),
}))

export const calendarRuleBombs: readonly Bomb[] = [
  ...ruleBombs,
  {
    name: 'a-rule-since-the-year-1',
    mail: () => veventMail('DTSTART:00010101T000000Z', 'RRULE:FREQ=DAILY'),
  },
  {
    name: 'a-rule-of-midnights-in-a-zone-since-1900',
    mail: () => veventMail('DTSTART;TZID=Europe/Madrid:19000101T000000', 'RRULE:FREQ=HOURLY;BYMONTH=3;BYDAY=-1SU'),
  },
  {
    name: 'ten-thousand-excepted-dates',
    mail: () =>
      veventMail(
        'RRULE:FREQ=DAILY',
        dates(10_000).map((date) => `EXDATE:${date}`),
      ),
  },
  {
    name: 'half-a-million-excepted-dates',
    mail: (scale) => veventMail('RRULE:FREQ=DAILY', `EXDATE:${dates(many(scale, 300_000, 1_500_000)).join(',')}`),
  },
  { name: 'ten-thousand-added-dates', mail: () => veventMail(dates(10_000).map((date) => `RDATE:${date}`)) },
  {
    name: 'half-a-million-added-dates',
    mail: (scale) => veventMail(`RDATE:${dates(many(scale, 300_000, 1_500_000)).join(',')}`),
  },
  {
    name: 'added-dates-in-a-zone',
    mail: () =>
      veventMail(
        'DTSTART;TZID=Europe/Madrid:20260303T100000',
        `RDATE;TZID=Europe/Madrid:${dates(20_000).join(',').replaceAll('Z', '')}`,
      ),
  },
  {
    name: 'added-periods',
    mail: () =>
      veventMail(
        `RDATE;VALUE=PERIOD:${dates(20_000)
          .map((date) => `${date}/P9999D`)
          .join(',')}`,
      ),
  },
  {
    name: 'a-thousand-rules',
    mail: () => veventMail(Array.from({ length: 1000 }, () => 'RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30')),
  },
  {
    name: 'a-hundred-thousand-rules',
    mail: (scale) => veventMail(Array.from({ length: many(scale, 100_000, 700_000) }, () => 'RRULE:FREQ=DAILY')),
  },
  { name: 'a-duration-of-ages', mail: () => veventMail('DURATION:P99999999999999W', 'RRULE:FREQ=DAILY') },
  {
    name: 'a-duration-of-a-megabyte',
    mail: (scale) => veventMail(`DURATION:P${'9'.repeat(many(scale, 1_000_000, 10_000_000))}D`),
  },
  { name: 'an-end-in-the-year-9999', mail: () => veventMail('DTEND:99991231T235959Z', 'RRULE:FREQ=DAILY') },
  {
    name: 'fifty-thousand-overrides',
    mail: (scale) => {
      const overrides = dates(many(scale, 50_000, 120_000), 2026).map((date) =>
        vevent([`DTSTART:${date}`, `RECURRENCE-ID:${date}`]),
      )
      return calendarMail(vcalendar([vevent(['RRULE:FREQ=DAILY']), ...overrides]))
    },
  },
  {
    name: 'two-thousand-overrides-of-a-rule-by-seconds',
    mail: () => {
      const overrides = dates(1900, 2026).map((date) => vevent([`DTSTART:${date}`, `RECURRENCE-ID:${date}`]))
      return calendarMail(vcalendar([vevent(['RRULE:FREQ=DAILY;BYHOUR=10;COUNT=100000']), ...overrides]))
    },
  },
  {
    name: 'two-thousand-masters-with-hostile-rules',
    mail: () => {
      const masters = Array.from({ length: 1900 }, (_, index) =>
        vevent(['RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'], `u${index}@example.com`),
      )
      return calendarMail(vcalendar(masters))
    },
  },
  {
    name: 'two-thousand-masters-with-dear-rules',
    mail: () => {
      const rule = 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR'
      const masters = Array.from({ length: 1900 }, (_, index) => vevent([rule], `u${index}@example.com`))
      return calendarMail(vcalendar(masters))
    },
  },
]
