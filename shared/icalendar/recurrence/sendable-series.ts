import { withContentHash } from '../content-hash.ts'
import type { Series, Vevent } from '../model.ts'
import { expandSeries } from './expand-series.ts'
import type { Instance } from './instance-of.ts'
import { partList, type RuleParts, ruleParts } from './rule-parts.ts'

/** Single instances sent in place of a rule: more than a year of weeks; each costs a component in every mail. */
export const NAKED_INSTANCES_MAX = 60

/** `isCapped`: the series goes on after the last instance that is sent. */
export type SendableSeries = { readonly series: Series; readonly isCapped: boolean }

/**
 * The series as Outlook can take it (MS KB 2643084): unchanged, or, for the rules it refuses, as single instances without a
 * master. `fromMs` leaves out what is over.
 */
export function sendableSeries(series: Series, options: { readonly fromMs?: number } = {}): SendableSeries {
  const { master } = series
  if (master === undefined || !isRefusedByOutlook(master)) return { series, isCapped: false }
  const { instances, isComplete } = expandSeries(series, { max: NAKED_INSTANCES_MAX, ...options })
  const overrides = instances
    .map((instance) => nakedInstance(instance))
    .toSorted((a, b) => ((a.recurrenceKey ?? '') < (b.recurrenceKey ?? '') ? -1 : 1))
  const { uid, customZones } = series
  return { series: { uid, overrides, cancelled: series.cancelled, customZones }, isCapped: !isComplete }
}

/** As sendableSeries, the series alone. */
export function toSendableSeries(series: Series, options: { readonly fromMs?: number } = {}): Series {
  return sendableSeries(series, options).series
}

function isRefusedByOutlook(master: Vevent): boolean {
  const { rrules = [], rdates = [] } = master.recurrence ?? {}
  if (rrules.length === 0) return rdates.length > 0
  return rrules.length > 1 || rrules.some((rrule) => isRefusedRule(ruleParts(rrule)))
}

/** [MS-OXCICAL] knows daily, weekly, and one day of the month or year; nothing within a day. */
function isRefusedRule(parts: RuleParts): boolean {
  const freq = parts.get('FREQ') ?? ''
  if (freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY') return true
  if (['BYHOUR', 'BYMINUTE', 'BYSECOND'].some((name) => partList(parts, name).length > 1)) return true
  if (parts.has('BYYEARDAY') || parts.has('BYWEEKNO') || partList(parts, 'BYSETPOS').length > 1) return true
  if (partList(parts, 'BYMONTH').length > (freq === 'YEARLY' ? 1 : 0)) return true
  if (freq === 'WEEKLY') return false
  if (freq === 'DAILY') return parts.has('BYMONTHDAY')
  if (partList(parts, 'BYMONTHDAY').length > 1) return true
  const weekdays = partList(parts, 'BYDAY')
  if (weekdays.length === 0 || parts.has('BYSETPOS')) return false
  return weekdays.length > 1 || parts.has('BYMONTHDAY') || !/\d/.test(weekdays[0] ?? '')
}

function nakedInstance(instance: Instance): Vevent {
  const { vevent, recurrenceId, recurrenceKey, dtstart, dtend } = instance
  const { recurrence: _, ...single } = vevent
  return withContentHash({ ...single, recurrenceId, recurrenceKey, dtstart, dtend })
}
