import type { CalendarTime } from '#shared/icalendar/model.ts'

export type When = {
  readonly dtstart: CalendarTime
  readonly dtend: CalendarTime
  readonly rrules: readonly string[]
  /** Where a time that was written in UTC is shown: many clients send single events so. */
  readonly displayZone?: string | undefined
}

const FORMATS = {
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  zone: { timeZoneName: 'short' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>

/** `Tue 3 Mar 2026 10:00 (CET)`: an event's start for a subject line. */
export function startText({ dtstart, displayZone }: Pick<When, 'dtstart' | 'displayZone'>): string {
  if (dtstart.kind === 'date') return dayText(Date.parse(`${dtstart.date}T00:00:00Z`), 'UTC')
  const { at, zone, zoneName } = placed(dtstart, displayZone)
  return `${dayText(at, zone)} ${timeText(at, zone)}${zoneName === '' ? '' : ` (${zoneName})`}`
}

/** `Tue 3 Mar 2026, 10:00 – 11:00 (CET, Europe/Madrid)`, or the days of an all-day event, and how it repeats. */
export function whenText(when: When): string {
  const repeats = recurrenceText(when.rrules)
  return repeats === '' ? spanText(when) : `${spanText(when)} · ${repeats}`
}

function spanText({ dtstart, dtend, displayZone }: When): string {
  if (dtstart.kind === 'date') {
    const first = Date.parse(`${dtstart.date}T00:00:00Z`)
    const last = dtend.kind === 'date' ? Date.parse(`${dtend.date}T00:00:00Z`) - 86_400_000 : first
    return last > first
      ? `${dayText(first, 'UTC')} – ${dayText(last, 'UTC')} (all day)`
      : `${dayText(first, 'UTC')} (all day)`
  }
  const start = placed(dtstart, displayZone)
  const endAt = dtend.kind === 'date' ? start.at : placed(dtend, displayZone).at
  const zoneText = start.zoneName === '' ? 'local time' : zoneWithId(start)
  const sameDay = dayText(start.at, start.zone) === dayText(endAt, start.zone)
  const end = sameDay ? timeText(endAt, start.zone) : `${dayText(endAt, start.zone)}, ${timeText(endAt, start.zone)}`
  const span = endAt > start.at ? `${timeText(start.at, start.zone)} – ${end}` : timeText(start.at, start.zone)
  return `${dayText(start.at, start.zone)}, ${span} (${zoneText})`
}

type Placed = { readonly at: number; readonly zone: string; readonly zoneName: string }

function zoneWithId({ zone, zoneName }: Placed): string {
  return zone !== zoneName ? `${zoneName}, ${zone}` : zoneName
}

/** Where on the clock a time is shown: its own zone if Intl knows it, a UTC one in `displayZone`; a floating time as written. */
function placed(time: Exclude<CalendarTime, { kind: 'date' }>, displayZone: string | undefined): Placed {
  if (time.kind === 'floating') return { at: Date.parse(`${time.local}Z`), zone: 'UTC', zoneName: '' }
  const at = Date.parse(time.instant)
  const wanted = time.kind === 'zoned' ? time.tzid : displayZone
  if (wanted === undefined || !isKnownZone(wanted)) return { at, zone: 'UTC', zoneName: 'UTC' }
  const parts = formatter('zone', wanted).formatToParts(at)
  return { at, zone: wanted, zoneName: parts.find((part) => part.type === 'timeZoneName')?.value ?? wanted }
}

function isKnownZone(tzid: string): boolean {
  try {
    formatter('zone', tzid)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Making one costs more than a hundred uses of it. */
const formatters = new Map<string, Intl.DateTimeFormat>()
/** Intl takes a zone's name in any case: what mails write must not fill the memory. */
const FORMATTERS_MAX = 500

/** Throws RangeError for a zone that Intl does not know. */
function formatter(kind: keyof typeof FORMATS, timeZone: string): Intl.DateTimeFormat {
  const name = `${kind} ${timeZone}`
  const made = formatters.get(name) ?? new Intl.DateTimeFormat('en-GB', { ...FORMATS[kind], timeZone })
  if (formatters.size >= FORMATTERS_MAX) formatters.clear()
  formatters.set(name, made)
  return made
}

function dayText(at: number, timeZone: string): string {
  const parts = formatter('day', timeZone).formatToParts(at)
  const pick = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${pick('weekday')} ${pick('day')} ${pick('month')} ${pick('year')}`
}

function timeText(at: number, timeZone: string): string {
  return formatter('time', timeZone).format(at)
}

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  DAILY: ['day', 'daily'],
  WEEKLY: ['week', 'weekly'],
  MONTHLY: ['month', 'monthly'],
  YEARLY: ['year', 'yearly'],
}
const WEEKDAYS: Readonly<Record<string, string>> = {
  MO: 'Mon',
  TU: 'Tue',
  WE: 'Wed',
  TH: 'Thu',
  FR: 'Fri',
  SA: 'Sat',
  SU: 'Sun',
}

/** `weekly on Tue, Thu, 10 times`: the common rules in words; anything else is just `repeats`. */
export function recurrenceText(rrules: readonly string[]): string {
  const [rrule, ...others] = rrules
  if (rrule === undefined) return ''
  const parts = new Map(
    rrule.split(';').map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']),
  )
  const unit = UNITS[parts.get('FREQ') ?? '']
  if (unit === undefined || others.length > 0) return 'repeats'
  const interval = Number(parts.get('INTERVAL') ?? '1')
  const every = interval > 1 ? `every ${interval} ${unit[0]}s` : unit[1]
  const days = (parts.get('BYDAY') ?? '').split(',').map((day) => WEEKDAYS[day])
  const on = parts.get('FREQ') === 'WEEKLY' && days.every((day) => day !== undefined) ? ` on ${days.join(', ')}` : ''
  return `${every}${on}${endText(parts)}`
}

function endText(parts: ReadonlyMap<string, string>): string {
  const count = parts.get('COUNT')
  if (count !== undefined) return `, ${count} times`
  const until = /^(\d{4})(\d{2})(\d{2})/.exec(parts.get('UNTIL') ?? '')
  return until === null ? '' : `, until ${dayText(Date.parse(`${until[1]}-${until[2]}-${until[3]}T00:00:00Z`), 'UTC')}`
}
