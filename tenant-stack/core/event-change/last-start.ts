import type { Series } from '#shared/icalendar/model.ts'
import { expandSeries } from '#shared/icalendar/recurrence/expand-series.ts'
import { ruleParts } from '#shared/icalendar/recurrence/rule-parts.ts'
import { toInstantMs } from '#shared/icalendar/times.ts'
import { ENDLESS_MS } from '../calendar-event/event-index.ts'

/** Dates and periods that are walked to find the last one; a longer series counts as one without end. */
const DATES_MAX = 1500

/** When the last date of a series begins, epoch milliseconds: an event whose last date has begun is past. */
export function lastStartOf(series: Series): number {
  const rules = series.master?.recurrence?.rrules ?? []
  const isEndless = rules.map(ruleParts).some((parts) => !parts.has('COUNT') && !parts.has('UNTIL'))
  if (isEndless) return ENDLESS_MS
  const { instances, isComplete } = expandSeries(series, { max: DATES_MAX, budgetSteps: DATES_MAX })
  if (!isComplete) return ENDLESS_MS
  const starts = instances.map(({ dtstart }) => toInstantMs(dtstart))
  // All dates called off: where it would have begun.
  const first = series.master?.dtstart
  if (starts.length === 0) return first === undefined ? 0 : toInstantMs(first)
  return Math.max(...starts)
}
