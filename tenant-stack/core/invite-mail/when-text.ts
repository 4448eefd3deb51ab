import type { CalendarTime } from '#shared/icalendar/model.ts'
import type { Words } from '../mail-template/language.ts'
import { formatter } from './date-formats.ts'
import { recurrenceText } from './recurrence-text.ts'

export type When = {
  readonly dtstart: CalendarTime
  readonly dtend: CalendarTime
  readonly rrules: readonly string[]
  /** Where a time that was written in UTC is shown: many clients send single events so. */
  readonly displayZone?: string | undefined
}

type Dates = Words['dates']

/** `Tue 3 Mar 2026 10:00 (CET)` in English: an event's start for a subject line. */
export function startText(dates: Dates, { dtstart, displayZone }: Pick<When, 'dtstart' | 'displayZone'>): string {
  if (dtstart.kind === 'date') return dayText(dates, Date.parse(`${dtstart.date}T00:00:00Z`), 'UTC')
  const { at, zone, zoneName } = placed(dates, dtstart, displayZone)
  const start = dates.dayAtTime(dayText(dates, at, zone), timeText(dates, at, zone))
  return zoneName === '' ? start : `${start} (${zoneName})`
}

/** `Tue 3 Mar 2026, 10:00 – 11:00 (CET, Europe/Madrid)`, or the days of an all-day event, and how it repeats. */
export function whenText(dates: Dates, when: When): string {
  const repeats = recurrenceText(dates, when.rrules)
  return repeats === '' ? spanText(dates, when) : `${spanText(dates, when)} · ${repeats}`
}

function spanText(dates: Dates, { dtstart, dtend, displayZone }: When): string {
  if (dtstart.kind === 'date') {
    const first = Date.parse(`${dtstart.date}T00:00:00Z`)
    const last = dtend.kind === 'date' ? Date.parse(`${dtend.date}T00:00:00Z`) - 86_400_000 : first
    const firstDay = dayText(dates, first, 'UTC')
    return dates.allDay(last > first ? dates.span(firstDay, dayText(dates, last, 'UTC')) : firstDay)
  }
  const start = placed(dates, dtstart, displayZone)
  const endAt = dtend.kind === 'date' ? start.at : placed(dates, dtend, displayZone).at
  const zoneText = start.zoneName === '' ? dates.localTime : zoneWithId(start)
  const startDay = dayText(dates, start.at, start.zone)
  const endDay = dayText(dates, endAt, start.zone)
  const endTime = timeText(dates, endAt, start.zone)
  const from = dates.dayWithTime(startDay, timeText(dates, start.at, start.zone))
  const to = startDay === endDay ? endTime : dates.dayWithTime(endDay, endTime)
  return `${endAt > start.at ? dates.span(from, to) : from} (${zoneText})`
}

type Placed = { readonly at: number; readonly zone: string; readonly zoneName: string }

function zoneWithId({ zone, zoneName }: Placed): string {
  return zone !== zoneName ? `${zoneName}, ${zone}` : zoneName
}

/** Where on the clock a time is shown: its own zone if Intl knows it, a UTC one in `displayZone`; a floating time as written. */
function placed(dates: Dates, time: Exclude<CalendarTime, { kind: 'date' }>, displayZone: string | undefined): Placed {
  if (time.kind === 'floating') return { at: Date.parse(`${time.local}Z`), zone: 'UTC', zoneName: '' }
  const at = Date.parse(time.instant)
  const wanted = time.kind === 'zoned' ? time.tzid : displayZone
  if (wanted === undefined || !isKnownZone(dates, wanted)) return { at, zone: 'UTC', zoneName: 'UTC' }
  const parts = formatter(dates.locale, 'zone', wanted).formatToParts(at)
  return { at, zone: wanted, zoneName: parts.find((part) => part.type === 'timeZoneName')?.value ?? wanted }
}

function isKnownZone(dates: Dates, tzid: string): boolean {
  try {
    formatter(dates.locale, 'zone', tzid)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function dayText(dates: Dates, at: number, timeZone: string): string {
  return dates.day(formatter(dates.locale, 'day', timeZone).format(at))
}

function timeText(dates: Dates, at: number, timeZone: string): string {
  return formatter(dates.locale, 'time', timeZone).format(at)
}
