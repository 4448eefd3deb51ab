import { DAY_MS } from '../civil.ts'
import type { CustomZone } from '../model.ts'
import { customRules } from './custom-rules.ts'
import { ianaRules } from './iana-rules.ts'
import { ianaOfOffset } from './offset-names.ts'
import { representativeZones } from './windows-names.ts'
import type { ZoneRules } from './zone-rules.ts'

/** The instants that must agree before a VTIMEZONE may be called by an IANA name; epoch milliseconds. */
export type Span = { readonly fromMs: number; readonly toMs: number }

/** A series may have no end, but nobody knows a zone's rules for longer than this. */
const SPAN_YEARS_MAX = 10

let candidates: readonly string[] | undefined

/** The IANA zone with the same offsets as `zone` through the span's years; undefined when there is none. */
export function matchVtimezone(zone: CustomZone, span: Span): string | undefined {
  const rules = customRules(zone)
  const samples = sampleInstants(zone, span)
  const offsets = samples.map((ms) => rules.offsetSecondsAt(ms))
  const first = offsets[0] ?? 0
  if (offsets.every((offset) => offset === first) && ianaOfOffset(first) !== undefined) return ianaOfOffset(first)
  candidates ??= representativeZones()
  return candidates.find((tzid) => agrees(ianaRules(tzid), samples, offsets))
}

function agrees(rules: ZoneRules | undefined, samples: readonly number[], offsets: readonly number[]): boolean {
  return rules !== undefined && samples.every((ms, index) => rules.offsetSecondsAt(ms) === offsets[index])
}

/** Four days of each month, and both sides of each change of the zone itself. */
function sampleInstants(zone: CustomZone, span: Span): readonly number[] {
  const fromYear = new Date(span.fromMs).getUTCFullYear()
  const toYear = Math.min(new Date(span.toMs).getUTCFullYear(), fromYear + SPAN_YEARS_MAX)
  const rules = customRules(zone)
  const samples: number[] = []
  for (let year = fromYear; year <= toYear; year += 1) {
    for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += DAY_MS) {
      const isMonthSample = new Date(ms).getUTCDate() % 8 === 1
      const changes = rules.offsetSecondsAt(ms) !== rules.offsetSecondsAt(ms + DAY_MS)
      if (isMonthSample) samples.push(ms)
      if (changes) samples.push(...changeInstants(rules, ms))
    }
  }
  return samples
}

/** The last millisecond before a change within a day, and the change itself. */
function changeInstants(rules: ZoneRules, dayMs: number): readonly number[] {
  let before = dayMs
  let after = dayMs + DAY_MS
  const offset = rules.offsetSecondsAt(before)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (rules.offsetSecondsAt(middle) === offset) before = middle
    else after = middle
  }
  return [before, after]
}
