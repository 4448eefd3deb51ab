import { wallMsOf } from '../civil.ts'
import type { CalendarTime, CustomZone } from '../model.ts'
import { toInstantMs, withInstant, withWall } from '../times.ts'
import { parseDateValue } from './date-value.ts'

/**
 * UNTIL in the kind RFC 5545 §3.3.10 demands: a DATE for a DATE series, UTC for a zoned or UTC one, local for a floating one. A
 * day in a timed series includes that whole day in DTSTART's zone. Undefined when it is no date: the rule then has no end.
 */
export function normalUntil(
  text: string,
  dtstart: CalendarTime,
  zones: readonly CustomZone[] = [],
): string | undefined {
  const value = parseDateValue(text)
  if (value === undefined) return undefined
  const isUtc = value.kind === 'time' && value.offsetSeconds !== undefined
  const written = value.kind === 'date' ? `${value.date}T23:59:59` : value.local
  if (dtstart.kind === 'date') return compact(written).slice(0, 8)
  if (dtstart.kind === 'floating') return compact(written)
  if (isUtc) return `${compact(written)}Z`
  const local = withWall(dtstart, wallMsOf(written), zones)
  return compact(withInstantText(local))
}

function withInstantText(time: CalendarTime): string {
  const utc = withInstant({ kind: 'utc', instant: '1970-01-01T00:00:00Z' }, toInstantMs(time))
  return utc.kind === 'utc' ? utc.instant : ''
}

function compact(text: string): string {
  return text.replaceAll(/[-:]/g, '')
}
