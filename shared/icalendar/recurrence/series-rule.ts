import { DAY_MS } from '../civil.ts'
import type { CalendarTime, CustomZone } from '../model.ts'
import { wallMsOfTime } from '../times.ts'
import { zoneRulesOf } from '../zones/zone-of.ts'
import { readWall, type ZoneRules } from '../zones/zone-rules.ts'
import { ruleParts, ruleText } from './rule-parts.ts'
import type { WallRule } from './rule-walk.ts'

/** One RRULE of a series, made ready to be walked. */
export type SeriesRule = {
  readonly wallRule: WallRule
  readonly count: number | undefined
  readonly untilMs: number | undefined
  /** Epoch milliseconds of a wall time of the series (DATE and floating: the wall time itself); undefined in a gap. */
  readonly msOfWall: (wallMs: number) => number | undefined
}

/** A cleaned RRULE bound to its DTSTART. */
export function seriesRule(rrule: string, dtstart: CalendarTime, customZones: readonly CustomZone[]): SeriesRule {
  const parts = ruleParts(rrule)
  const count = parts.get('COUNT')
  const untilMs = untilOf(parts.get('UNTIL'))
  const rest = new Map([...parts].filter(([name]) => name !== 'COUNT' && name !== 'UNTIL'))
  const rules = dtstart.kind === 'zoned' ? zoneRulesOf(dtstart.tzid, customZones) : undefined
  // A day of slack covers any offset between the wall and UTC.
  const lastWallMs = untilMs === undefined ? undefined : untilMs + DAY_MS
  return {
    wallRule: {
      startWallMs: wallMsOfTime(dtstart),
      rrule: ruleText(rest),
      ...(lastWallMs !== undefined && { lastWallMs }),
    },
    count: count === undefined ? undefined : Number(count),
    untilMs,
    msOfWall: (wallMs) => msOfWall(rules, wallMs),
  }
}

/** RFC 5545 §3.3.10: a generated time that does not exist is no instance. */
function msOfWall(rules: ZoneRules | undefined, wallMs: number): number | undefined {
  if (rules === undefined) return wallMs
  const reading = readWall(rules, wallMs)
  return reading.isGap ? undefined : reading.instantMs
}

/** UNTIL as read.ts leaves it: `YYYYMMDD`, `YYYYMMDDTHHMMSS` (floating) or with Z; all comparable to what msOfWall gives. */
function untilOf(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(text ?? '')
  if (match === null) return undefined
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
