import { Temporal } from 'temporal-polyfill'
import { DAY_MS } from '../civil.ts'
import { rulesFromYears, type YearOffsets, type ZoneRules } from './zone-rules.ts'

/** A zone that changes its offset more often in one year than this does not exist; it ends a runaway walk. */
const TRANSITIONS_PER_YEAR_MAX = 16

const rulesByTzid = new Map<string, ZoneRules | undefined>()

/** Names tried, known or not: bounds what a hostile mail full of made-up TZIDs can make us remember. */
const NAMES_REMEMBERED_MAX = 2000

/** Rules of a zone the runtime knows, by its IANA name in any case; undefined for any other name. */
export function ianaRules(tzid: string): ZoneRules | undefined {
  if (rulesByTzid.has(tzid)) return rulesByTzid.get(tzid)
  if (rulesByTzid.size >= NAMES_REMEMBERED_MAX) rulesByTzid.clear()
  const rules = isKnown(tzid) ? rulesFromYears((year) => yearOffsets(tzid, year)) : undefined
  rulesByTzid.set(tzid, rules)
  return rules
}

function isKnown(tzid: string): boolean {
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,3}$/.test(tzid)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(tzid)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * Years whose rules are asked for. Each new one costs the runtime half a millisecond, so a mail that names all years from 1 to 9999
 * would cost seconds: before, the first offset holds; after, the rules of a year with the same weekdays repeat.
 */
const FIRST_YEAR = 1900
const LAST_YEAR = 2100
const CYCLE_FIRST_YEAR = 2060

function yearOffsets(tzid: string, year: number): YearOffsets {
  if (year < FIRST_YEAR) return { ...offsetsOfYear(tzid, FIRST_YEAR), transitions: [] }
  if (year <= LAST_YEAR) return offsetsOfYear(tzid, year)
  const same = sameWeekdaysYear(year)
  const shiftMs = startOfYear(year) - startOfYear(same)
  const { firstOffsetSeconds, transitions } = offsetsOfYear(tzid, same)
  return { firstOffsetSeconds, transitions: transitions.map((change) => ({ ...change, atMs: change.atMs + shiftMs })) }
}

function offsetsOfYear(tzid: string, year: number): YearOffsets {
  const toMs = startOfYear(year + 1)
  const start = Temporal.Instant.fromEpochMilliseconds(startOfYear(year)).toZonedDateTimeISO(tzid)
  const transitions: { atMs: number; offsetSeconds: number }[] = []
  let next = start.getTimeZoneTransition('next')
  while (next !== null && next.epochMilliseconds < toMs && transitions.length < TRANSITIONS_PER_YEAR_MAX) {
    transitions.push({ atMs: next.epochMilliseconds, offsetSeconds: secondsOf(next) })
    next = next.getTimeZoneTransition('next')
  }
  return { firstOffsetSeconds: secondsOf(start), transitions }
}

/** Any 28 years without a century in them hold all fourteen kinds of year. */
function sameWeekdaysYear(year: number): number {
  const days = (candidate: number): number => (startOfYear(candidate + 1) - startOfYear(candidate)) / DAY_MS
  const weekday = (candidate: number): number => new Date(startOfYear(candidate)).getUTCDay()
  for (let candidate = CYCLE_FIRST_YEAR; candidate < CYCLE_FIRST_YEAR + 28; candidate += 1) {
    if (days(candidate) === days(year) && weekday(candidate) === weekday(year)) return candidate
  }
  return CYCLE_FIRST_YEAR
}

function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1)
}

function secondsOf(time: Temporal.ZonedDateTime): number {
  return Math.round(time.offsetNanoseconds / 1e9)
}
