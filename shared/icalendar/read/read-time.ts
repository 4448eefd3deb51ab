import { dateFromWallMs, instantFromMs, isWritableMs, localFromWallMs, wallMsOf } from '../civil.ts'
import type { CalendarTime, LocalDateTime } from '../model.ts'
import { zonedTime } from '../times.ts'
import type { CalendarContext } from './calendar-context.ts'
import { type DateValue, parseDateValue } from './date-value.ts'
import type { Property } from './property.ts'

export type ReadTime =
  | { readonly kind: 'time'; readonly time: CalendarTime }
  | { readonly kind: 'unknown_zone'; readonly tzid: string }
  | { readonly kind: 'bad' }

/** The value of DTSTART, DTEND, RECURRENCE-ID and the like, its zone applied. */
export function readTime(property: Property, ctx: CalendarContext): ReadTime {
  return readTimeValue(property.value, property, ctx)
}

/** One value of a list (EXDATE, RDATE), with the parameters of its line. */
export function readTimeValue(text: string, property: Property, ctx: CalendarContext): ReadTime {
  const value = parseDateValue(text)
  if (value === undefined) return { kind: 'bad' }
  // An 8-digit value is a DATE with or without VALUE=DATE (case 15); ical.js would bend it into a date-time.
  if (value.kind === 'date') return { kind: 'time', time: value }
  if (isMarkedDate(property, value)) return { kind: 'time', time: { kind: 'date', date: value.local.slice(0, 10) } }
  if (value.offsetSeconds !== undefined) return atOffset(value.local, value.offsetSeconds, ctx)
  const tzid = property.params.get('TZID')?.join(',').trim() ?? ''
  return tzid === '' ? floating(value.local, ctx) : inZone(value.local, tzid, ctx)
}

/** VALUE=DATE before a midnight date-time means the day; before any other time of day it is a slip. */
function isMarkedDate(property: Property, value: DateValue & { readonly kind: 'time' }): boolean {
  return property.params.get('VALUE')?.[0]?.toUpperCase() === 'DATE' && value.local.endsWith('T00:00:00')
}

/** RFC 5545 §3.3.5: Z wins over a TZID beside it. A spelled-out offset is no iCalendar, but says exactly when. */
function atOffset(local: LocalDateTime, offsetSeconds: number, ctx: CalendarContext): ReadTime {
  if (offsetSeconds !== 0) ctx.warn('zone_from_offset')
  const ms = wallMsOf(local) - offsetSeconds * 1000
  return isWritableMs(ms) ? { kind: 'time', time: { kind: 'utc', instant: instantFromMs(ms) } } : { kind: 'bad' }
}

function floating(local: LocalDateTime, ctx: CalendarContext): ReadTime {
  ctx.warn('floating_time')
  const tzid = ctx.zones.floatingTzid()
  if (tzid === 'UTC') return { kind: 'time', time: { kind: 'utc', instant: `${local}Z` } }
  const zoned = tzid === undefined ? undefined : zonedTime(local, tzid, ctx.zones.customZones())
  return { kind: 'time', time: zoned ?? { kind: 'floating', local } }
}

function inZone(local: LocalDateTime, tzid: string, ctx: CalendarContext): ReadTime {
  const zone = ctx.zones.resolve(tzid)
  if (zone.kind === 'unknown') return { kind: 'unknown_zone', tzid }
  if (zone.kind === 'utc') return { kind: 'time', time: { kind: 'utc', instant: `${local}Z` } }
  const resolved = zone.kind === 'iana' ? zone.tzid : zone.zone.tzid
  const time = zonedTime(local, resolved, ctx.zones.customZones())
  return time === undefined ? { kind: 'unknown_zone', tzid } : { kind: 'time', time }
}

/** DTSTAMP: without Z still UTC (case 34); undefined when unreadable. */
export function readStamp(text: string): string | undefined {
  const value = parseDateValue(text)
  if (value === undefined) return undefined
  if (value.kind === 'date') return `${value.date}T00:00:00Z`
  const ms = wallMsOf(value.local) - (value.offsetSeconds ?? 0) * 1000
  return isWritableMs(ms) ? instantFromMs(ms) : undefined
}

/** The day a wall clock shows. */
export function dayOfWall(wallMs: number): CalendarTime {
  return { kind: 'date', date: dateFromWallMs(wallMs) }
}

/** True when a local time is a midnight. */
export function isMidnight(wallMs: number): boolean {
  return localFromWallMs(wallMs).endsWith('T00:00:00')
}
