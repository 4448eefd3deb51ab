import type { CustomZone, Series, Vevent } from '#shared/icalendar/model.ts'
import { compareRevision } from '#shared/icalendar/times.ts'
import { type Instance, sortedByKey } from './components.ts'
import { isExcluded, isOccurrence, type Occurrences } from './occurrences.ts'
import { cancelRevision } from './revision.ts'

/** What became of one component of a mail. */
export type Verdict =
  | 'applied'
  | 'applied_same_revision'
  | 'cancelled'
  | 'same'
  | 'stale'
  | 'not_an_occurrence'
  | 'already_cancelled'

export type MergeOptions = { readonly isCancel: boolean; readonly isAdd: boolean; readonly occurrences: Occurrences }

type Step = { readonly series: Series; readonly verdict: Verdict }

/** One instance of a mail into the series: ordered against its own override or its own cancel. */
export function takeInstance(
  series: Series,
  instance: Instance,
  options: MergeOptions,
  customZones: readonly CustomZone[],
): Step {
  // Google calls an instance off by a REQUEST with STATUS:CANCELLED inside the series' own mail.
  if (options.isCancel || instance.status === 'CANCELLED') return callOff(series, instance, options, customZones)
  const key = instance.recurrenceKey
  const tombstone = series.cancelled.find((one) => one.recurrenceKey === key)
  if (tombstone !== undefined && compareRevision(instance, tombstone) <= 0) return { series, verdict: 'stale' }
  const override = series.overrides.find((one) => one.recurrenceKey === key)
  if (override !== undefined) return replaceOverride(series, override, instance)
  if (isOccurrence(key, series.master, options.occurrences, customZones)) {
    return { series: withOverride(series, instance), verdict: 'applied' }
  }
  return options.isAdd ? addOccurrence(series, instance) : { series, verdict: 'not_an_occurrence' }
}

function callOff(series: Series, instance: Instance, options: MergeOptions, customZones: readonly CustomZone[]): Step {
  const key = instance.recurrenceKey
  const tombstone = series.cancelled.find((one) => one.recurrenceKey === key)
  const override = series.overrides.find((one) => one.recurrenceKey === key)
  const revision = cancelRevision(instance, tombstone ?? override ?? series.master)
  const called = { recurrenceKey: key, recurrenceId: instance.recurrenceId, ...revision }
  if (tombstone !== undefined) {
    const isNewer = compareRevision(called, tombstone) > 0
    return { series: isNewer ? withCalledOff(series, called) : series, verdict: 'already_cancelled' }
  }
  if (override !== undefined && compareRevision(called, override) < 0) return { series, verdict: 'stale' }
  if (override === undefined && isExcluded(key, series.master, customZones)) {
    return { series, verdict: 'already_cancelled' }
  }
  if (override === undefined && !isOccurrence(key, series.master, options.occurrences, customZones)) {
    return { series, verdict: 'not_an_occurrence' }
  }
  return { series: withCalledOff(series, called), verdict: 'cancelled' }
}

function replaceOverride(series: Series, override: Vevent, instance: Instance): Step {
  const order = compareRevision(instance, override)
  if (order < 0) return { series, verdict: 'stale' }
  if (order === 0 && instance.contentHash === override.contentHash) return { series, verdict: 'same' }
  return { series: withOverride(series, instance), verdict: order === 0 ? 'applied_same_revision' : 'applied' }
}

/** ADD makes a new occurrence (RFC 5546 §3.2.4): the master learns it as an RDATE, or the override would belong to nothing. */
function addOccurrence(series: Series, instance: Instance): Step {
  const { master } = series
  if (master === undefined) return { series: withOverride(series, instance), verdict: 'applied' }
  if (compareRevision(instance, master) < 0) return { series, verdict: 'stale' }
  const { rrules = [], rdates = [], exdates = [] } = master.recurrence ?? {}
  const recurrence = { rrules, rdates: [...rdates, instance.recurrenceId], exdates }
  return { series: withOverride({ ...series, master: { ...master, recurrence } }, instance), verdict: 'applied' }
}

function withOverride(series: Series, instance: Instance): Series {
  const others = series.overrides.flatMap((one) =>
    one.recurrenceKey === undefined || one.recurrenceKey === instance.recurrenceKey
      ? []
      : [{ ...one, recurrenceKey: one.recurrenceKey }],
  )
  return {
    ...series,
    overrides: sortedByKey([...others, instance]),
    cancelled: series.cancelled.filter((one) => one.recurrenceKey !== instance.recurrenceKey),
  }
}

function withCalledOff(series: Series, called: Series['cancelled'][number]): Series {
  const others = series.cancelled.filter((one) => one.recurrenceKey !== called.recurrenceKey)
  return {
    ...series,
    overrides: series.overrides.filter((one) => one.recurrenceKey !== called.recurrenceKey),
    cancelled: sortedByKey([...others, called]),
  }
}
