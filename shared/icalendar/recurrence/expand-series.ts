import { DAY_MS } from '../civil.ts'
import type { CalendarTime, RecurrenceKey, Series, Vevent } from '../model.ts'
import { compareTimes, recurrenceKeyOf, toInstantMs, withInstant, withWall } from '../times.ts'
import { type Instance, instanceOf } from './instance-of.ts'
import { walkRule, wallsBetween } from './rule-walk.ts'
import { type SeriesRule, seriesRule } from './series-rule.ts'

export type Expansion = {
  /** Ascending by start. */
  readonly instances: readonly Instance[]
  /** True when there are no more instances than these. */
  readonly isComplete: boolean
  /** True when the budget, not the series, ended the list. */
  readonly isOverBudget: boolean
}

export type ExpandOptions = {
  /** Instances wanted at most. */
  readonly max: number
  /** Recurrence periods tried for each rule; bounds the work whatever the rule says. */
  readonly budgetSteps?: number
  /** Epoch milliseconds: only instances whose slot in the rule is at or after this. */
  readonly fromMs?: number
}

const BUDGET_STEPS = 10_000

/** The instances of a series in order: DTSTART, RRULE and RDATE without EXDATE and cancelled ones, overrides in their place. */
export function expandSeries(series: Series, options: ExpandOptions): Expansion {
  const { max, fromMs } = options
  const overrides = new Map(series.overrides.map((vevent) => [vevent.recurrenceKey ?? '', vevent]))
  const slots = series.master === undefined ? undefined : masterSlots(series, series.master, options)
  const generated = slots?.times ?? []
  const taken = new Set<RecurrenceKey>()
  const instances: Instance[] = []
  for (const time of generated) {
    const recurrenceKey = recurrenceKeyOf(time)
    const override = overrides.get(recurrenceKey)
    taken.add(recurrenceKey)
    if (override !== undefined) instances.push(overrideInstance(override, recurrenceKey, time))
    else if (series.master !== undefined) instances.push(instanceOf(series.master, time, series.customZones))
  }
  const lastSlotMs =
    slots === undefined || slots.isComplete
      ? Infinity
      : toInstantMs(generated.at(-1) ?? { kind: 'date', date: '0001-01-01' })
  const strays = series.overrides
    .filter(({ recurrenceKey }) => recurrenceKey !== undefined && !taken.has(recurrenceKey))
    .flatMap((vevent) =>
      vevent.recurrenceId === undefined
        ? []
        : [overrideInstance(vevent, vevent.recurrenceKey ?? '', vevent.recurrenceId)],
    )
    .filter(({ recurrenceId }) => toInstantMs(recurrenceId) <= lastSlotMs)
    .filter(({ recurrenceId }) => fromMs === undefined || toInstantMs(recurrenceId) >= fromMs)
  const sorted = [...instances, ...strays].toSorted((a, b) => compareTimes(a.dtstart, b.dtstart))
  return {
    instances: sorted.slice(0, max),
    isComplete: (slots?.isComplete ?? true) && sorted.length <= max,
    isOverBudget: slots?.isOverBudget ?? false,
  }
}

/** The next `count` instances at or after `fromMs` (epoch milliseconds). */
export function nextInstances(series: Series, fromMs: number, count: number): readonly Instance[] {
  return expandSeries(series, { max: count, fromMs }).instances
}

type Slots = { readonly times: readonly CalendarTime[]; readonly isComplete: boolean; readonly isOverBudget: boolean }

/** The first slots of the master, EXDATE and cancelled ones taken out. */
function masterSlots(series: Series, master: Vevent, options: ExpandOptions): Slots {
  const { rrules = [], rdates = [], exdates = [] } = master.recurrence ?? {}
  const excluded = new Set([
    ...exdates.map((time) => recurrenceKeyOf(time, master.dtstart, series.customZones)),
    ...series.cancelled.map(({ recurrenceKey }) => recurrenceKey),
  ])
  const fromMs = options.fromMs ?? -Infinity
  const wanted = options.max + excluded.size + 1
  const rules = rrules.map((rrule) => seriesRule(rrule, master.dtstart, series.customZones))
  const generated = rules.map((rule) => slotsOfRule(rule, wanted, options.budgetSteps ?? BUDGET_STEPS, fromMs))
  const isCapped = generated.some(({ isComplete }) => !isComplete)
  // What lies beyond the shortest list that was cut would leave holes before it.
  const horizonMs = Math.min(
    ...generated.filter(({ isComplete }) => !isComplete).map(({ slots }) => slots.at(-1)?.ms ?? -Infinity),
    Infinity,
  )
  const byMs = new Map<number, CalendarTime>()
  for (const time of [master.dtstart, ...rdates]) byMs.set(toInstantMs(time), time)
  for (const { slots } of generated) {
    for (const { ms, wallMs } of slots)
      if (!byMs.has(ms)) byMs.set(ms, withWall(master.dtstart, wallMs, series.customZones))
  }
  const times = [...byMs]
    .filter(([ms]) => ms >= fromMs && ms <= horizonMs)
    .toSorted(([a], [b]) => a - b)
    .map(([, time]) => inSeriesKind(time, master.dtstart, series))
    .filter((time) => !excluded.has(recurrenceKeyOf(time)))
  return {
    times: times.slice(0, options.max + 1),
    isComplete: !isCapped,
    isOverBudget: generated.some(({ isOverBudget }) => isOverBudget),
  }
}

/** RDATEs may be written in UTC; as instances they show DTSTART's zone. */
function inSeriesKind(time: CalendarTime, dtstart: CalendarTime, series: Series): CalendarTime {
  return time.kind === dtstart.kind ? time : withInstant(dtstart, toInstantMs(time), series.customZones)
}

function overrideInstance(vevent: Vevent, recurrenceKey: RecurrenceKey, recurrenceId: CalendarTime): Instance {
  return { recurrenceKey, recurrenceId, dtstart: vevent.dtstart, dtend: vevent.dtend, isOverride: true, vevent }
}

type RuleSlots = {
  readonly slots: readonly { readonly ms: number; readonly wallMs: number }[]
  readonly isComplete: boolean
  readonly isOverBudget: boolean
}

function slotsOfRule(rule: SeriesRule, wanted: number, steps: number, fromMs: number): RuleSlots {
  const { wallRule, count, untilMs, msOfWall } = rule
  if (count === undefined && fromMs > wallRule.startWallMs + DAY_MS) return slotsFrom(rule, wanted, steps, fromMs)
  const slots: { ms: number; wallMs: number }[] = []
  let counted = 0
  let isEnded = false
  const end = walkRule(wallRule, steps, (wallMs) => {
    const ms = msOfWall(wallMs)
    if (ms === undefined) return true
    // DTSTART is the first instance even where the rule does not say so (RFC 5545 §3.8.5.3).
    if (counted === 0 && wallMs !== wallRule.startWallMs) counted = 1
    isEnded = (untilMs !== undefined && ms > untilMs) || (count !== undefined && counted >= count)
    if (isEnded) return false
    counted += 1
    if (ms >= fromMs) slots.push({ ms, wallMs })
    isEnded = count !== undefined && counted >= count
    return !isEnded && slots.length < wanted
  })
  return { slots, isComplete: isEnded || end === 'ended', isOverBudget: end === 'over_budget' }
}

/** Windows tried to find enough instances; each is four times the last, so the last one spans centuries. */
const WINDOWS_MAX = 8
const FIRST_WINDOW_DAYS = 40

/** For a rule without COUNT: starts near `fromMs`, however long ago the series began. */
function slotsFrom(rule: SeriesRule, wanted: number, steps: number, fromMs: number): RuleSlots {
  const { wallRule, untilMs, msOfWall } = rule
  const slots = new Map<number, number>()
  let fromWallMs = fromMs - DAY_MS
  let days = FIRST_WINDOW_DAYS
  for (let window = 0; window < WINDOWS_MAX && slots.size < wanted; window += 1) {
    const toWallMs = fromWallMs + days * DAY_MS
    const walls = wallsBetween(wallRule, steps, fromWallMs, toWallMs)
    if (walls === undefined) return { slots: sortedSlots(slots, wanted), isComplete: false, isOverBudget: true }
    for (const wallMs of walls) {
      const ms = msOfWall(wallMs)
      if (ms !== undefined && ms >= fromMs && (untilMs === undefined || ms <= untilMs)) slots.set(ms, wallMs)
    }
    if (untilMs !== undefined && toWallMs > untilMs + DAY_MS) {
      return { slots: sortedSlots(slots, wanted), isComplete: slots.size <= wanted, isOverBudget: false }
    }
    fromWallMs = toWallMs
    days *= 4
  }
  return { slots: sortedSlots(slots, wanted), isComplete: false, isOverBudget: slots.size < wanted }
}

function sortedSlots(slots: ReadonlyMap<number, number>, wanted: number): RuleSlots['slots'] {
  return [...slots]
    .toSorted(([a], [b]) => a - b)
    .slice(0, wanted)
    .map(([ms, wallMs]) => ({ ms, wallMs }))
}
