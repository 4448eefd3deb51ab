import { DAY_MS } from '../civil.ts'

/** The offsets of one zone in one UTC year; seconds east of UTC. */
export type YearOffsets = {
  /** In force when the year begins. */
  readonly firstOffsetSeconds: number
  /** Ascending; each offset holds from `atMs` on. */
  readonly transitions: readonly { readonly atMs: number; readonly offsetSeconds: number }[]
}

/** What a zone must know: its offset at an instant. */
export type ZoneRules = { readonly offsetSecondsAt: (instantMs: number) => number }

/** Rules out of a per-year table, each year computed once. */
export function rulesFromYears(computeYear: (year: number) => YearOffsets): ZoneRules {
  const years = new Map<number, YearOffsets>()
  return {
    offsetSecondsAt: (instantMs) => {
      const year = new Date(instantMs).getUTCFullYear()
      let offsets = years.get(year)
      if (offsets === undefined) {
        offsets = computeYear(year)
        years.set(year, offsets)
      }
      let offsetSeconds = offsets.firstOffsetSeconds
      for (const transition of offsets.transitions) {
        if (transition.atMs > instantMs) break
        offsetSeconds = transition.offsetSeconds
      }
      return offsetSeconds
    },
  }
}

/** Whether a wall-clock time exists once, never (a gap) or twice (a fold). */
export type WallReading = { readonly instantMs: number; readonly isGap: boolean }

/** The instant of a wall-clock time; RFC 5545 §3.3.5: in a gap the offset before it holds, of two readings the first. */
export function readWall(rules: ZoneRules, wallMs: number): WallReading {
  const before = rules.offsetSecondsAt(wallMs - DAY_MS)
  const after = rules.offsetSecondsAt(wallMs + DAY_MS)
  const byBefore = wallMs - before * 1000
  if (before === after || rules.offsetSecondsAt(byBefore) === before) return { instantMs: byBefore, isGap: false }
  const byAfter = wallMs - after * 1000
  if (rules.offsetSecondsAt(byAfter) === after) return { instantMs: byAfter, isGap: false }
  return { instantMs: byBefore, isGap: true }
}
