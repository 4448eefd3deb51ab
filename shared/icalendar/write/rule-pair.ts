import { DAY_MS } from '../civil.ts'
import type { Transition, ZoneHistory } from './zone-transitions.ts'

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** From the first instant a series touches to its last, epoch ms. */
export type Span = { readonly fromMs: number; readonly toMs: number }

/** A yearly change of offset: `FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU` at a time of day, valid in every year it is asked for. */
export type YearlyRule = {
  /** 1..12. */
  readonly month: number
  /** 0 = Sunday. */
  readonly weekday: number
  /** 1..4, or -1 for the last; clients understand no other form in a VTIMEZONE. */
  readonly ordinal: number
  readonly timeOfDayMs: number
  readonly offsetFromSeconds: number
  readonly offsetToSeconds: number
}

/**
 * The two yearly rules that describe the zone over the whole span, or undefined: then its changes must be listed. A rule counts
 * only when it yields every change of the span, no other, and the right offset at its start.
 */
export function rulePair(history: ZoneHistory, { fromMs, toMs }: Span): readonly YearlyRule[] | undefined {
  const ups = history.transitions.filter((each) => each.offsetToSeconds > each.offsetFromSeconds)
  const downs = history.transitions.filter((each) => each.offsetToSeconds < each.offsetFromSeconds)
  const up = yearlyRule(ups)
  const down = yearlyRule(downs)
  if (up === undefined || down === undefined) return undefined
  if (up.offsetFromSeconds !== down.offsetToSeconds || up.offsetToSeconds !== down.offsetFromSeconds) return undefined
  const years = yearsAround(fromMs, toMs)
  const onsets = years
    .flatMap((year) => [up, down].map((rule) => onsetOf(rule, year)))
    .toSorted((a, b) => a.atMs - b.atMs)
  const atStart = onsets.findLast((onset) => onset.atMs <= fromMs)
  const inside = onsets.filter((onset) => onset.atMs > fromMs && onset.atMs <= toMs)
  // Each change of the span is an onset of its rule; as many onsets as changes means no other.
  const isWhole = inside.length === history.transitions.length && atStart?.offsetToSeconds === history.offsetSeconds
  return isWhole ? [down, up] : undefined
}

/** `FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU`. */
export function rruleOf(rule: YearlyRule): string {
  return `FREQ=YEARLY;BYMONTH=${rule.month};BYDAY=${rule.ordinal}${WEEKDAYS[rule.weekday]}`
}

/** Wall-clock milliseconds of the rule's change in one year. */
export function wallMsOfRule(rule: YearlyRule, year: number): number {
  const firstMs = Date.UTC(year, rule.month - 1, 1)
  const offsetDays = (rule.weekday - new Date(firstMs).getUTCDay() + 7) % 7
  const first = 1 + offsetDays
  const daysInMonth = new Date(Date.UTC(year, rule.month, 0)).getUTCDate()
  const day = rule.ordinal > 0 ? first + 7 * (rule.ordinal - 1) : first + 7 * Math.floor((daysInMonth - first) / 7)
  return firstMs + (day - 1) * DAY_MS + rule.timeOfDayMs
}

function yearlyRule(changes: readonly Transition[]): YearlyRule | undefined {
  const [first] = changes
  if (first === undefined) return undefined
  const rules = changes.map(ruleOf)
  const [sample] = rules
  if (sample === undefined || !rules.every((rule) => isSameButOrdinal(rule, sample))) return undefined
  const ordinals = new Set(rules.map((rule) => rule.ordinal))
  const ordinal = changes.every(isLastOfMonth) ? -1 : sample.ordinal
  if (ordinal !== -1 && (ordinals.size !== 1 || ordinal > 4)) return undefined
  return { ...sample, ordinal }
}

function ruleOf(change: Transition): YearlyRule {
  const wall = new Date(change.wallMs)
  return {
    month: wall.getUTCMonth() + 1,
    weekday: wall.getUTCDay(),
    ordinal: Math.ceil(wall.getUTCDate() / 7),
    timeOfDayMs: change.wallMs - Math.floor(change.wallMs / DAY_MS) * DAY_MS,
    offsetFromSeconds: change.offsetFromSeconds,
    offsetToSeconds: change.offsetToSeconds,
  }
}

function isSameButOrdinal(a: YearlyRule, b: YearlyRule): boolean {
  return (
    a.month === b.month &&
    a.weekday === b.weekday &&
    a.timeOfDayMs === b.timeOfDayMs &&
    a.offsetFromSeconds === b.offsetFromSeconds &&
    a.offsetToSeconds === b.offsetToSeconds
  )
}

function isLastOfMonth(change: Transition): boolean {
  return new Date(change.wallMs).getUTCMonth() !== new Date(change.wallMs + 7 * DAY_MS).getUTCMonth()
}

function onsetOf(rule: YearlyRule, year: number): { readonly atMs: number; readonly offsetToSeconds: number } {
  return {
    atMs: wallMsOfRule(rule, year) - rule.offsetFromSeconds * 1000,
    offsetToSeconds: rule.offsetToSeconds,
  }
}

/** One year more at both ends: a zone east or west of UTC changes around New Year, and the first offset came the year before. */
function yearsAround(fromMs: number, toMs: number): number[] {
  const first = new Date(fromMs).getUTCFullYear() - 1
  const last = new Date(toMs).getUTCFullYear() + 1
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
