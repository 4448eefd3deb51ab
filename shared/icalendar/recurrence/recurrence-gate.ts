import type { CalendarTime, CustomZone } from '../model.ts'
import { partList, type RuleParts, ruleParts } from './rule-parts.ts'
import { walkRule } from './rule-walk.ts'
import { seriesRule } from './series-rule.ts'

/** A meeting four times an hour is the densest anyone invites to; denser rules only cost. */
const SECONDS_BETWEEN_MIN = 900
const TIMES_PER_DAY_MAX = 96

/** Daily for 270 years; a larger COUNT is an attack or a mistake. */
const COUNT_MAX = 100_000

/** A year has at most 366 of anything; a longer list is padding. */
const LIST_MAX = 400

/** INTERVAL beyond this leaves the four-digit years within one step of any frequency but the smallest. */
const INTERVAL_MAX = 1_000_000

/** Periods tried to find a first instance: 29 February at the turn of a century takes 8 years, and 100 years are 36,525 days. */
const PROBE_STEPS = 2000

/** A text with more rules than this has its later ones looked at for less long: a year of days still fits. */
const LONG_PROBES = 10
const SHORT_PROBE_STEPS = 400

/** A text with this many refused rules is an attack: the rest is refused unseen. */
const REFUSALS_MAX = 3

/** Rules in one text: as many as VEVENTs; after the first ten a legal one costs a third of a millisecond. */
const RULES_MAX = 2000

const SECONDS_OF: Readonly<Record<string, number>> = { SECONDLY: 1, MINUTELY: 60, HOURLY: 3600 }

/** Why a cleaned rule is refused before anything is expanded ('recurrence_over_budget'); undefined when it may pass. */
export type RecurrenceGate = (
  rrule: string,
  dtstart: CalendarTime,
  customZones?: readonly CustomZone[],
) => string | undefined

/** A gate for the rules of one text: what it spends on each shrinks with their number, so that many cost no more than a few. */
export function openRecurrenceGate(): RecurrenceGate {
  let probes = 0
  let refusals = 0
  return (rrule, dtstart, customZones = []) => {
    probes += 1
    if (probes > RULES_MAX) return `more than ${RULES_MAX} rules`
    if (refusals >= REFUSALS_MAX) return `${REFUSALS_MAX} rules refused before`
    const refusal = refuseRule(rrule, dtstart, customZones, probes > LONG_PROBES ? SHORT_PROBE_STEPS : PROBE_STEPS)
    if (refusal !== undefined) refusals += 1
    return refusal
  }
}

function refuseRule(
  rrule: string,
  dtstart: CalendarTime,
  customZones: readonly CustomZone[],
  steps: number,
): string | undefined {
  const refusal = refuseBySight(ruleParts(rrule))
  if (refusal !== undefined) return refusal
  const { wallRule, untilMs } = seriesRule(rrule, dtstart, customZones)
  if (untilMs !== undefined && untilMs < wallRule.startWallMs) return undefined
  const end = walkRule(wallRule, steps, (wallMs) => wallMs <= wallRule.startWallMs)
  return end === 'over_budget' ? `no instance within ${steps} periods of ${rrule}` : undefined
}

function refuseBySight(parts: RuleParts): string | undefined {
  const freq = parts.get('FREQ') ?? ''
  const interval = Number(parts.get('INTERVAL') ?? '1')
  const seconds = SECONDS_OF[freq]
  if (seconds !== undefined && seconds * interval < SECONDS_BETWEEN_MIN) return `${freq} every ${interval}`
  if (timesPerDay(parts, freq) > TIMES_PER_DAY_MAX) return `more than ${TIMES_PER_DAY_MAX} instances a day`
  if (Number(parts.get('COUNT') ?? '0') > COUNT_MAX) return `COUNT above ${COUNT_MAX}`
  if (interval > INTERVAL_MAX) return `INTERVAL above ${INTERVAL_MAX}`
  const longList = [...parts].find(
    ([name, value]) => name.startsWith('BY') && value.split(',', LIST_MAX + 1).length > LIST_MAX,
  )
  return longList === undefined ? undefined : `${longList[0]} with more than ${LIST_MAX} values`
}

function timesPerDay(parts: RuleParts, freq: string): number {
  const hours = freq === 'HOURLY' && !parts.has('BYHOUR') ? 24 : size(parts, 'BYHOUR')
  const minutes = freq === 'MINUTELY' && !parts.has('BYMINUTE') ? 4 : size(parts, 'BYMINUTE')
  return hours * minutes * size(parts, 'BYSECOND')
}

function size(parts: RuleParts, name: string): number {
  return Math.max(1, partList(parts, name).length)
}
