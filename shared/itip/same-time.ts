import { DAY_MS, localFromWallMs } from '#shared/icalendar/civil.ts'
import type { CalendarTime, CustomZone, Vevent } from '#shared/icalendar/model.ts'
import { recurrenceKeyOf, toInstantMs, wallMsOfTime, zonedTime } from '#shared/icalendar/times.ts'

/** Two years of months: every yearly rule of a zone shows its summer and its winter, and a change of law of late. */
const MONTHS_COMPARED = 24

/** The same moment, whatever zone it is written in; a DATE, a floating time and an instant are never the same (their keys are spelled apart). */
export function sameTime(a: CalendarTime, b: CalendarTime): boolean {
  return recurrenceKeyOf(a) === recurrenceKeyOf(b)
}

/** As `sameTime`; in a recurring series the zones must also agree on the instances to come. */
export function timesEqual(
  a: CalendarTime,
  b: CalendarTime,
  isRecurring: boolean,
  customZones: readonly CustomZone[],
): boolean {
  if (!sameTime(a, b)) return false
  return !isRecurring || zonesAgree(a, b, customZones)
}

/** Whether two times belong to zones that show the same wall clock for two years on. */
export function zonesAgree(a: CalendarTime, b: CalendarTime, customZones: readonly CustomZone[]): boolean {
  const [nameA, nameB] = [zoneOf(a), zoneOf(b)]
  if (nameA === nameB) return true
  if (nameA === undefined || nameB === undefined) return false
  const fromMs = wallMsOfTime(a)
  return Array.from({ length: MONTHS_COMPARED }, (_, month) => {
    const local = localFromWallMs(fromMs + month * 30 * DAY_MS)
    const inA = zonedTime(local, nameA, customZones)
    const inB = zonedTime(local, nameB, customZones)
    return inA !== undefined && inB !== undefined && toInstantMs(inA) === toInstantMs(inB)
  }).every((agrees) => agrees)
}

function zoneOf(time: CalendarTime): string | undefined {
  if (time.kind === 'zoned') return time.tzid
  return time.kind === 'utc' ? 'UTC' : undefined
}

type Span = Pick<Vevent, 'dtstart' | 'dtend'>

/** Equal on the wall clock or in elapsed time: an instance over a clock change is an hour longer by one of the two. */
export function durationsEqual(a: Span, b: Span): boolean {
  const wall = (span: Span) => wallMsOfTime(span.dtend) - wallMsOfTime(span.dtstart)
  const elapsed = (span: Span) => toInstantMs(span.dtend) - toInstantMs(span.dtstart)
  return wall(a) === wall(b) || elapsed(a) === elapsed(b)
}
