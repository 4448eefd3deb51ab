import type { CalendarObject, Series, Vevent } from '../model.ts'
import { type ParseOptions, parseCalendars } from '../read/parse-calendars.ts'
import { prepareHtmlFor } from '../read/read-html.ts'
import { buildSeries } from '../series.ts'

await prepareHtmlFor(Buffer.from('<'))

/** A VCALENDAR text with CRLF line ends round the given lines; tests only. */
export function calendarText(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

/** A VEVENT with UID, DTSTAMP and a zoned DTSTART, then the given lines; a line naming one of these replaces it. */
export function veventLines(...lines: readonly string[]): readonly string[] {
  const defaults = ['UID:one@example.com', 'DTSTAMP:20260220T091500Z', 'DTSTART;TZID=Europe/Madrid:20260303T100000']
  const named = new Set(lines.map((line) => nameOf(line)))
  return ['BEGIN:VEVENT', ...defaults.filter((line) => !named.has(nameOf(line))), ...lines, 'END:VEVENT']
}

/** The only calendar of a text; throws when there is another number of them. */
export function onlyCalendar(text: string | Uint8Array, options: ParseOptions = {}): CalendarObject {
  const parsed = parseCalendars(typeof text === 'string' ? Buffer.from(text) : text, options)
  const [calendar] = parsed.calendars
  if (calendar === undefined || parsed.calendars.length > 1) throw new Error(JSON.stringify(parsed.unreadable))
  return calendar
}

/** The only VEVENT of a calendar made of these lines. */
export function onlyVevent(...lines: readonly string[]): Vevent {
  return veventOf(onlyCalendar(calendarText('METHOD:REQUEST', ...veventLines(...lines))))
}

/** The first VEVENT of a calendar; throws when there is none. */
export function veventOf(calendar: CalendarObject): Vevent {
  const [vevent] = calendar.vevents
  if (vevent === undefined) throw new Error('no VEVENT')
  return vevent
}

/** The series of a calendar made of these VEVENTs. */
export function seriesOf(...vevents: readonly (readonly string[])[]): Series {
  const calendar = onlyCalendar(calendarText('METHOD:REQUEST', ...vevents.flat()))
  return buildSeries(calendar.vevents, calendar.customZones)
}

function nameOf(line: string): string {
  return line.split(/[;:]/, 1)[0] ?? ''
}
