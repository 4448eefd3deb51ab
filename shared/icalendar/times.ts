import { DAY_MS, dateFromWallMs, instantFromMs, localFromWallMs, wallMsOf, wallMsOfDate } from './civil.ts'
import type { CalendarTime, CustomZone, Instant, LocalDateTime, RecurrenceKey } from './model.ts'
import { zoneRulesOf } from './zones/zone-of.ts'
import { readWall } from './zones/zone-rules.ts'

export { instantFromMs } from './civil.ts'

/** The zone in which times without one are to be understood. */
export type ZoneInForce = { readonly tzid: string; readonly customZones?: readonly CustomZone[] }

/** A span as RFC 5545 §3.3.6 means it: days are nominal (a day of 23 hours is one), seconds are exact. Either may be negative. */
export type CalendarDuration = { readonly days: number; readonly seconds: number }

/** Epoch milliseconds; a DATE or floating time is read in `zone`, without one (or with an unknown one) as if it were UTC. */
export function toInstantMs(time: CalendarTime, zone?: ZoneInForce): number {
  if (time.kind === 'utc' || time.kind === 'zoned') return Date.parse(time.instant)
  const wallMs = wallMsOfTime(time)
  const rules = zone === undefined ? undefined : zoneRulesOf(zone.tzid, zone.customZones)
  return rules === undefined ? wallMs : readWall(rules, wallMs).instantMs
}

/** Wall-clock milliseconds in the time's own zone: what its text shows. */
export function wallMsOfTime(time: CalendarTime): number {
  if (time.kind === 'date') return wallMsOfDate(time.date)
  return time.kind === 'utc' ? Date.parse(time.instant) : wallMsOf(time.local)
}

/** A local time in a zone, its instant worked out; undefined when no zone has that name. */
export function zonedTime(
  local: LocalDateTime,
  tzid: string,
  customZones?: readonly CustomZone[],
): CalendarTime | undefined {
  const rules = zoneRulesOf(tzid, customZones)
  if (rules === undefined) return undefined
  return { kind: 'zoned', local, tzid, instant: instantFromMs(readWall(rules, wallMsOf(local)).instantMs) }
}

/** The time of the same kind and zone whose wall clock shows `wallMs`. */
export function withWall(time: CalendarTime, wallMs: number, customZones?: readonly CustomZone[]): CalendarTime {
  if (time.kind === 'date') return { kind: 'date', date: dateFromWallMs(wallMs) }
  if (time.kind === 'utc') return { kind: 'utc', instant: instantFromMs(wallMs) }
  const local = localFromWallMs(wallMs)
  const zoned = time.kind === 'zoned' ? zonedTime(local, time.tzid, customZones) : undefined
  return zoned ?? { kind: 'floating', local }
}

/** The time of the same kind and zone at an instant (DATE: the UTC day). */
export function withInstant(time: CalendarTime, instantMs: number, customZones?: readonly CustomZone[]): CalendarTime {
  const rules = time.kind === 'zoned' ? zoneRulesOf(time.tzid, customZones) : undefined
  if (time.kind !== 'zoned' || rules === undefined) return withWall(time, instantMs, customZones)
  const local = localFromWallMs(instantMs + rules.offsetSecondsAt(instantMs) * 1000)
  return { kind: 'zoned', local, tzid: time.tzid, instant: instantFromMs(instantMs) }
}

/** Days first, on the wall clock; then the exact seconds (RFC 5545 §3.3.6). A DATE moves by whole days. */
export function addDuration(
  time: CalendarTime,
  duration: CalendarDuration,
  customZones?: readonly CustomZone[],
): CalendarTime {
  const extraDays = time.kind === 'date' ? Math.trunc(duration.seconds / 86_400) : 0
  const days = duration.days + extraDays
  const moved = days === 0 ? time : withWall(time, wallMsOfTime(time) + days * DAY_MS, customZones)
  if (moved.kind === 'date' || duration.seconds === 0) return moved
  if (moved.kind === 'floating') return withWall(moved, wallMsOfTime(moved) + duration.seconds * 1000)
  return withInstant(moved, toInstantMs(moved) + duration.seconds * 1000, customZones)
}

/** Negative, zero or positive as `a` is before, at or after `b`; times without a zone are read in `zone`. */
export function compareTimes(a: CalendarTime, b: CalendarTime, zone?: ZoneInForce): number {
  return toInstantMs(a, zone) - toInstantMs(b, zone)
}

/** SEQUENCE decides, DTSTAMP breaks a tie (RFC 5546 §2.1.5); negative when `a` is the older. */
export function compareRevision(
  a: { readonly sequence: number; readonly dtstamp: Instant },
  b: { readonly sequence: number; readonly dtstamp: Instant },
): number {
  if (a.sequence !== b.sequence) return a.sequence - b.sequence
  if (a.dtstamp === b.dtstamp) return 0
  return a.dtstamp < b.dtstamp ? -1 : 1
}

/**
 * The key of a RECURRENCE-ID. With `dtstart` (the master's) the key takes the kind the series has, whatever the client wrote:
 * a DATE in a timed series means the instance whose time of day is DTSTART's on that day in DTSTART's zone; a date-time in a
 * DATE series means its own local day (UTC: the nearest midnight, because Exchange writes local midnight in UTC); a floating
 * one in a zoned series is read in the series' zone.
 */
export function recurrenceKeyOf(
  time: CalendarTime,
  dtstart?: CalendarTime,
  customZones?: readonly CustomZone[],
): RecurrenceKey {
  const aligned = dtstart === undefined ? time : alignTime(time, dtstart, customZones)
  if (aligned.kind === 'date') return aligned.date
  return aligned.kind === 'floating' ? aligned.local : aligned.instant
}

/** `time` brought to the kind `dtstart` has, as told at `recurrenceKeyOf`. */
export function alignTime(
  time: CalendarTime,
  dtstart: CalendarTime,
  customZones?: readonly CustomZone[],
): CalendarTime {
  if (dtstart.kind === 'date') {
    if (time.kind === 'date') return time
    const wallMs = wallMsOfTime(time) + (time.kind === 'utc' ? DAY_MS / 2 : 0)
    return { kind: 'date', date: dateFromWallMs(wallMs) }
  }
  if (time.kind === 'date') {
    const startMs = wallMsOfTime(dtstart)
    const timeOfDayMs = startMs - Math.floor(startMs / DAY_MS) * DAY_MS
    return withWall(dtstart, wallMsOfDate(time.date) + timeOfDayMs, customZones)
  }
  if (time.kind === 'floating') return withWall(dtstart, wallMsOfTime(time), customZones)
  return time
}
