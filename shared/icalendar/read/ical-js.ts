import ICAL from 'ical.js'
import type { CalendarDuration } from '../times.ts'

/**
 * The one door to ical.js: it reads the two value types with a grammar of their own, DURATION and RECUR. Components and lines are
 * read by our own lexer (README.md says why). It may throw anything, a bare TypeError included, so every call is wrapped.
 */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    // Whatever it throws means one thing here: the text is not of that type.
    return undefined
  }
}

const DURATION_SECONDS_MAX = 100 * 366 * 86_400

/** RFC 5545 §3.3.6; undefined when it is no duration or longer than a century. */
export function readDuration(text: string): CalendarDuration | undefined {
  const value = text.trim().toUpperCase()
  if (!/^[+-]?P(?:\d{1,9}[WDHMST]|T)+$/.test(value)) return undefined
  const duration = attempt(() => ICAL.Duration.fromString(value))
  if (duration === undefined) return undefined
  const sign = duration.isNegative ? -1 : 1
  const days = sign * (duration.weeks * 7 + duration.days)
  const seconds = sign * (duration.hours * 3600 + duration.minutes * 60 + duration.seconds)
  const total = Math.abs(days * 86_400 + seconds)
  return Number.isFinite(total) && total <= DURATION_SECONDS_MAX ? { days, seconds } : undefined
}

/** True when the text is a recurrence rule to a second reader as well (RFC 5545 §3.3.10). */
export function isReadableRecur(text: string): boolean {
  return attempt(() => ICAL.Recur.fromString(text)) !== undefined
}
