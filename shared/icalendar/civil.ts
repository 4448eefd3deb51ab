import type { Instant, IsoDate, LocalDateTime } from './model.ts'

export const DAY_MS = 86_400_000

/** Years outside 1..9999 have no iCalendar spelling (RFC 5545 §3.3.4 knows four digits). */
const WALL_MS_MIN = Date.parse('0001-01-01T00:00:00Z')
const WALL_MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59)

/** True when the milliseconds fall into the years that four digits can write. */
export function isWritableMs(ms: number): boolean {
  return ms >= WALL_MS_MIN && ms <= WALL_MS_MAX
}

/** Wall-clock milliseconds of a local time: the epoch milliseconds it would have if its zone were UTC. */
export function wallMsOf(local: LocalDateTime): number {
  return Date.parse(`${local}Z`)
}

/** Wall-clock milliseconds of a day's midnight. */
export function wallMsOfDate(date: IsoDate): number {
  return Date.parse(`${date}T00:00:00Z`)
}

/** `YYYY-MM-DDTHH:MM:SS` of wall-clock milliseconds. */
export function localFromWallMs(ms: number): LocalDateTime {
  return new Date(clamped(ms)).toISOString().slice(0, 19)
}

/** `YYYY-MM-DD` of wall-clock milliseconds. */
export function dateFromWallMs(ms: number): IsoDate {
  return new Date(clamped(ms)).toISOString().slice(0, 10)
}

/** `YYYY-MM-DDTHH:MM:SSZ` of epoch milliseconds; milliseconds are cut off, years are kept within four digits. */
export function instantFromMs(ms: number): Instant {
  return `${localFromWallMs(ms)}Z`
}

function clamped(ms: number): number {
  return Math.min(Math.max(ms, WALL_MS_MIN), WALL_MS_MAX)
}
