import { DAY_MS, wallMsOf } from '../civil.ts'
import type { CustomZone, Observance } from '../model.ts'
import { yearlyOnset } from './yearly-onset.ts'
import { rulesFromYears, type YearOffsets, type ZoneRules } from './zone-rules.ts'

/** One change of offset, by the UTC instant of its onset. */
type Onset = { readonly atMs: number; readonly offsetSeconds: number }

const rulesByZone = new WeakMap<CustomZone, ZoneRules>()

/** Rules of a zone described only by its own observances (RFC 5545 §3.6.5); before the first onset its TZOFFSETFROM holds. */
export function customRules(zone: CustomZone): ZoneRules {
  const known = rulesByZone.get(zone)
  if (known !== undefined) return known
  const fixed = zone.observances.flatMap(fixedOnsets)
  const rules = rulesFromYears((year) => yearOffsets(zone, fixed, year))
  rulesByZone.set(zone, rules)
  return rules
}

function yearOffsets(zone: CustomZone, fixed: readonly Onset[], year: number): YearOffsets {
  const fromMs = new Date(0).setUTCFullYear(year, 0, 1)
  const toMs = new Date(0).setUTCFullYear(year + 1, 0, 1)
  const ruled = zone.observances.flatMap((observance) => ruledOnsets(observance, year))
  const onsets = [...fixed, ...ruled].toSorted((a, b) => a.atMs - b.atMs)
  const last = onsets.findLast((onset) => onset.atMs <= fromMs)
  return {
    firstOffsetSeconds: last?.offsetSeconds ?? offsetBeforeAll(zone),
    transitions: onsets.filter((onset) => onset.atMs > fromMs && onset.atMs < toMs),
  }
}

/** Onsets named outright: DTSTART and RDATE. */
function fixedOnsets(observance: Observance): Onset[] {
  return [observance.start, ...(observance.rdates ?? [])].map((local) => onsetOf(observance, wallMsOf(local)))
}

/** Onsets by the RRULE that may matter in `year`: its own, the neighbours', and the last ones before an UNTIL. */
function ruledOnsets(observance: Observance, year: number): Onset[] {
  if (observance.rrule === undefined) return []
  const startMs = wallMsOf(observance.start)
  const untilMs = untilWallMs(observance)
  const lastYear = new Date(untilMs + DAY_MS).getUTCFullYear()
  const years = new Set([year - 1, year, year + 1])
  if (year > lastYear) for (const old of [lastYear - 1, lastYear]) years.add(old)
  return [...years]
    .map((candidate) => yearlyOnset(observance.rrule ?? '', startMs, candidate))
    .filter((wallMs) => wallMs !== undefined && wallMs >= startMs && wallMs <= untilMs)
    .map((wallMs) => onsetOf(observance, wallMs ?? startMs))
}

const FAR_FUTURE_MS = Date.UTC(9000, 0, 1)

/** UNTIL of an observance is in UTC by the standard, local in the files of many clients: a day of slack does no harm. */
function untilWallMs(observance: Observance): number {
  const until = /(?:^|;)UNTIL=(\d{4})(\d\d)(\d\d)/i.exec(observance.rrule ?? '')
  if (until === null) return FAR_FUTURE_MS
  return Date.UTC(Number(until[1]), Number(until[2]) - 1, Number(until[3])) + DAY_MS - 1000
}

function onsetOf(observance: Observance, wallMs: number): Onset {
  return { atMs: wallMs - observance.offsetFromSeconds * 1000, offsetSeconds: observance.offsetToSeconds }
}

function offsetBeforeAll(zone: CustomZone): number {
  const first = zone.observances.toSorted((a, b) => wallMsOf(a.start) - wallMsOf(b.start))[0]
  return first?.offsetFromSeconds ?? 0
}
