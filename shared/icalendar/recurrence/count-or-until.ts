import type { CalendarTime, CustomZone } from '../model.ts'
import { walkRule } from './rule-walk.ts'
import { seriesRule } from './series-rule.ts'

/** Periods walked to find out; beyond them UNTIL is kept, which needs no counting. */
const STEPS = 1500

/** True when UNTIL ends the rule before its COUNT is reached. */
export function endsBeforeCount(rrule: string, dtstart: CalendarTime, customZones: readonly CustomZone[]): boolean {
  const { wallRule, count, untilMs, msOfWall } = seriesRule(rrule, dtstart, customZones)
  if (count === undefined || untilMs === undefined) return untilMs !== undefined
  let counted = 0
  const end = walkRule(wallRule, STEPS, (wallMs) => {
    const ms = msOfWall(wallMs)
    if (ms !== undefined && ms > untilMs) return false
    if (ms !== undefined) counted += 1
    return counted < count
  })
  return counted < count || end === 'over_budget'
}
