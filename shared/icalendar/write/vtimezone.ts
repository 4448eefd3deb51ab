import { DAY_MS, localFromWallMs } from '../civil.ts'
import type { CustomZone, Observance } from '../model.ts'
import { checkedRule, escapeText } from './escape.ts'
import { rruleOf, rulePair, type Span, wallMsOfRule, type YearlyRule } from './rule-pair.ts'
import { basicLocal } from './time-lines.ts'
import { type Transition, zoneHistory } from './zone-transitions.ts'

/** A rule is first looked for over this long, so that "the last Sunday" is not taken for "the fourth" of one short series. */
const RULE_YEARS = 12

/** An increase that is taken back within this time is summer time; only a label, offsets do not depend on it. */
const SUMMER_MS_MAX = 370 * DAY_MS

/** Three years of two changes each: fewer are listed, they could fit a rule by chance. */
const RULED_CHANGES_MIN = 6

const YEAR_MS = 365.25 * DAY_MS
const RULES_START_YEAR = 1970
const RULES_START = '1970-01-01T00:00:00'

/**
 * The lines of a VTIMEZONE that is right for the whole span: one pair of yearly rules from 1970 where such a pair describes the
 * zone, else each change as an observance of its own; never an RDATE, which clients read an hour wrong.
 * Throws RangeError when the runtime knows no such zone and `customZones` do not describe it.
 */
export function vtimezoneLines(tzid: string, span: Span, customZones: readonly CustomZone[]): string[] {
  const custom = customZones.find((zone) => zone.tzid === tzid)
  const observances = custom === undefined ? ianaObservances(tzid, span) : custom.observances.flatMap(withoutRdates)
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${escapeText(tzid)}`,
    ...observances.toSorted((a, b) => (a.start < b.start ? -1 : 1)).flatMap(observanceLines),
    'END:VTIMEZONE',
  ]
}

function ianaObservances(tzid: string, span: Span): Observance[] {
  const wide = { fromMs: span.fromMs, toMs: Math.max(span.toMs, span.fromMs + RULE_YEARS * YEAR_MS) }
  const history = zoneHistory(tzid, wide.fromMs, wide.toMs)
  if (history.transitions.length === 0) return [fixed(history.offsetSeconds)]
  const changes = history.transitions.filter((each) => each.atMs <= span.toMs)
  const pair = rulePair(history, wide) ?? rulePair({ ...history, transitions: changes }, span)
  if (pair !== undefined) return pair.map((rule) => ruled(rule, wallMsOfRule(rule, RULES_START_YEAR)))
  const { previous } = history
  const begin = previous === undefined ? [fixed(history.offsetSeconds)] : [listed(previous, changes[0])]
  return [...begin, ...listedThenRuled(changes, span)]
}

/** The changes one by one until a pair of rules describes all that follow; most zones changed their rules once, then kept them. */
function listedThenRuled(changes: readonly Transition[], span: Span): Observance[] {
  for (const [index, change] of changes.entries()) {
    const rest = changes.slice(index + 1)
    if (rest.length < RULED_CHANGES_MIN) break
    const tail = { offsetSeconds: change.offsetToSeconds, previous: change, transitions: rest }
    const pair = rulePair(tail, { fromMs: change.atMs, toMs: span.toMs })
    if (pair === undefined) continue
    const listedOnes = changes.slice(0, index + 1).map((each, at) => listed(each, changes[at + 1]))
    return [...listedOnes, ...pair.map((rule) => ruled(rule, firstWallMs(rule, rest)))]
  }
  return changes.map((each, at) => listed(each, changes[at + 1]))
}

function firstWallMs(rule: YearlyRule, changes: readonly Transition[]): number {
  return changes.find((each) => each.offsetToSeconds === rule.offsetToSeconds)?.wallMs ?? 0
}

function fixed(offsetSeconds: number): Observance {
  return { kind: 'standard', start: RULES_START, offsetFromSeconds: offsetSeconds, offsetToSeconds: offsetSeconds }
}

function ruled(rule: YearlyRule, startWallMs: number): Observance {
  return {
    kind: rule.offsetToSeconds > rule.offsetFromSeconds ? 'daylight' : 'standard',
    start: localFromWallMs(startWallMs),
    offsetFromSeconds: rule.offsetFromSeconds,
    offsetToSeconds: rule.offsetToSeconds,
    rrule: rruleOf(rule),
  }
}

function listed(change: Transition, next: Transition | undefined): Observance {
  const isSummer = change.offsetToSeconds > change.offsetFromSeconds && isTakenBack(change, next)
  return {
    kind: isSummer ? 'daylight' : 'standard',
    start: localFromWallMs(change.wallMs),
    offsetFromSeconds: change.offsetFromSeconds,
    offsetToSeconds: change.offsetToSeconds,
  }
}

function isTakenBack(change: Transition, next: Transition | undefined): boolean {
  if (next === undefined || next.atMs - change.atMs > SUMMER_MS_MAX) return false
  return next.offsetToSeconds < next.offsetFromSeconds
}

/** RFC 5546 erratum 3932 and Exchange: an observance has an RRULE or nothing; each RDATE becomes an observance of its own. */
function withoutRdates(observance: Observance): Observance[] {
  const { rdates = [], ...own } = observance
  const { rrule: _, ...single } = own
  return [own, ...rdates.map((start) => ({ ...single, start }))]
}

function observanceLines(observance: Observance): string[] {
  const component = observance.kind === 'daylight' ? 'DAYLIGHT' : 'STANDARD'
  return [
    `BEGIN:${component}`,
    `DTSTART:${basicLocal(observance.start)}`,
    `TZOFFSETFROM:${utcOffset(observance.offsetFromSeconds)}`,
    `TZOFFSETTO:${utcOffset(observance.offsetToSeconds)}`,
    ...(observance.rrule === undefined ? [] : [`RRULE:${checkedRule(observance.rrule)}`]),
    ...(observance.name === undefined ? [] : [`TZNAME:${escapeText(observance.name)}`]),
    `END:${component}`,
  ]
}

/** RFC 5545 §3.3.14: `+0100`, `-033000` only when there are seconds. */
function utcOffset(offsetSeconds: number): string {
  const size = Math.abs(offsetSeconds)
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, ...(size % 60 === 0 ? [] : [size % 60])]
  return (offsetSeconds < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join('')
}
