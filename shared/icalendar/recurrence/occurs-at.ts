import { DAY_MS } from '../civil.ts'
import type { CalendarTime, RecurrenceKey, Series, Vevent } from '../model.ts'
import { recurrenceKeyOf, toInstantMs, wallMsOfTime, withInstant } from '../times.ts'
import { walkRule, wallsBetween } from './rule-walk.ts'
import { type SeriesRule, seriesRule } from './series-rule.ts'

/** Periods tried for a rule with COUNT, which can only be walked from its start. */
const WALK_STEPS = 20_000

/** Periods tried near one key for a rule without COUNT. */
const NEAR_STEPS = 2000

/** The time a recurrence key names; undefined when the text is no key. */
export function timeOfKey(key: RecurrenceKey): CalendarTime | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(key)) return { kind: 'date', date: key }
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(key)) return { kind: 'utc', instant: key }
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(key) ? { kind: 'floating', local: key } : undefined
}

/** For each key: does the series have that instance? Overrides and RDATE count, EXDATE and cancelled ones do not. */
export function occursAt(series: Series, recurrenceKeys: readonly RecurrenceKey[]): boolean[] {
  const { master } = series
  const overridden = new Set(series.overrides.map(({ recurrenceKey }) => recurrenceKey))
  if (master === undefined) return recurrenceKeys.map((key) => overridden.has(key))
  const cancelled = new Set(series.cancelled.map(({ recurrenceKey }) => recurrenceKey))
  const { rrules = [], rdates = [], exdates = [] } = master.recurrence ?? {}
  const keyOf = (time: CalendarTime): RecurrenceKey => recurrenceKeyOf(time, master.dtstart, series.customZones)
  const excluded = new Set(exdates.map(keyOf))
  const named = new Set([master.dtstart, ...rdates].map(keyOf))
  const rules = rrules.map((rrule) => seriesRule(rrule, master.dtstart, series.customZones))
  const counted = rules.filter(({ count }) => count !== undefined)
  const asked = recurrenceKeys.map((key) => alignedKey(key, keyOf))
  const ofCounted = counted.flatMap((rule) => [...msOfCounted(rule, lastMs(asked))])
  const byCount = new Set(ofCounted)
  return asked.map((key) => {
    if (key === undefined || cancelled.has(key)) return false
    if (overridden.has(key)) return true
    if (excluded.has(key)) return false
    const ms = msOfKey(key)
    if (named.has(key) || byCount.has(ms)) return true
    return rules.some((rule) => rule.count === undefined && hasInstance(rule, ms, master, series))
  })
}

function alignedKey(key: RecurrenceKey, keyOf: (time: CalendarTime) => RecurrenceKey): RecurrenceKey | undefined {
  const time = timeOfKey(key)
  return time === undefined ? undefined : keyOf(time)
}

function msOfKey(key: RecurrenceKey): number {
  const time = timeOfKey(key)
  return time === undefined ? Number.NaN : toInstantMs(time)
}

function lastMs(keys: readonly (RecurrenceKey | undefined)[]): number {
  return keys.reduce((last, key) => (key === undefined ? last : Math.max(last, msOfKey(key))), -Infinity)
}

function msOfCounted(rule: SeriesRule, untilMs: number): ReadonlySet<number> {
  const found = new Set<number>()
  let counted = 0
  walkRule(rule.wallRule, WALK_STEPS, (wallMs) => {
    const ms = rule.msOfWall(wallMs)
    if (ms === undefined) return true
    if (counted === 0 && wallMs !== rule.wallRule.startWallMs) counted = 1
    if (counted >= (rule.count ?? 0) || ms > untilMs) return false
    counted += 1
    found.add(ms)
    return true
  })
  return found
}

/** Looks only at the day around the key, so that a daily series since 1990 costs no more than a new one. */
function hasInstance(rule: SeriesRule, ms: number, master: Vevent, series: Series): boolean {
  if (rule.untilMs !== undefined && ms > rule.untilMs) return false
  const utc: CalendarTime = { kind: 'utc', instant: '1970-01-01T00:00:00Z' }
  const wallMs =
    master.dtstart.kind === 'zoned'
      ? wallMsOfTime(withInstant(master.dtstart, ms, series.customZones))
      : wallMsOfTime(withInstant(utc, ms))
  if (wallMs < rule.wallRule.startWallMs) return false
  const walls = wallsBetween(rule.wallRule, NEAR_STEPS, wallMs - DAY_MS, wallMs + DAY_MS)
  return walls?.some((wall) => rule.msOfWall(wall) === ms) ?? false
}
