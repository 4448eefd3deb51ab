import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { isWritableMs } from '../civil.ts'

/**
 * The one door to rrule-temporal. Rules are walked on the wall clock (as if in UTC) and each wall time is given its zone by the
 * caller: so one path serves IANA zones, custom zones, floating times and DATEs, and COUNT can skip times a gap swallows
 * (RFC 5545 §3.3.10); COUNT and UNTIL are therefore the caller's. `lastWallMs` only saves the library from looking further.
 */
export type WallRule = { readonly startWallMs: number; readonly rrule: string; readonly lastWallMs?: number }

/** How a walk ended: the rule ran out, the visitor had enough, or the budget did. */
export type WalkEnd = 'ended' | 'stopped' | 'over_budget'

/** Candidate times the library may look at for each step of the budget. */
const CANDIDATES_PER_STEP = 10

/** Calls `visit` with ascending wall-clock milliseconds until it says false; `steps` bounds the periods tried. */
export function walkRule(rule: WallRule, steps: number, visit: (wallMs: number) => boolean): WalkEnd {
  let isStopped = false
  const end = guarded(() => {
    open(rule, steps).all((time) => {
      const wallMs = time.epochMilliseconds
      isStopped = !isWritableMs(wallMs) || !visit(wallMs)
      return !isStopped
    })
  })
  return isStopped ? 'stopped' : end
}

/** Wall-clock milliseconds of a rule without COUNT between two wall times, both inclusive; undefined when over budget. */
export function wallsBetween(
  rule: WallRule,
  steps: number,
  fromWallMs: number,
  toWallMs: number,
): readonly number[] | undefined {
  let walls: readonly number[] = []
  const end = guarded(() => {
    const found = open(rule, steps).between(atWall(Math.max(fromWallMs, rule.startWallMs)), atWall(toWallMs), true)
    walls = found.map((time) => time.epochMilliseconds)
  })
  return end === 'over_budget' ? undefined : walls
}

function open(rule: WallRule, steps: number): RRuleTemporal<Temporal.ZonedDateTime> {
  return new RRuleTemporal({
    rruleString: rule.rrule,
    dtstart: atWall(rule.startWallMs),
    ...(rule.lastWallMs !== undefined && { until: atWall(rule.lastWallMs) }),
    temporal: Temporal,
    maxIterations: steps,
    maxCandidateEvaluations: steps * CANDIDATES_PER_STEP,
    cache: false,
  })
}

function atWall(wallMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC')
}

/** A blown budget is an `Error`, the end of the calendar a `RangeError`: it tells its causes by nothing else. */
function guarded(walk: () => void): WalkEnd {
  try {
    walk()
    return 'ended'
  } catch (error) {
    if (error instanceof RangeError) return 'ended'
    if (error instanceof Error && /^Maximum (?:iterations|candidate)/.test(error.message)) return 'over_budget'
    throw error
  }
}
