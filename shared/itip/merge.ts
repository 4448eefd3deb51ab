import type { CalendarTime, CustomZone, Series, Vevent } from '#shared/icalendar/model.ts'
import { alignTime, compareRevision, recurrenceKeyOf } from '#shared/icalendar/times.ts'
import { alignInstance, type Components, isInstance, onePerKey, sortedByKey } from './components.ts'
import { type MergeOptions, takeInstance, type Verdict } from './merge-instance.ts'
import { isExcluded, isOccurrence, type Occurrences } from './occurrences.ts'

export type Merged = {
  /** The very object given when the mail changed nothing at all. */
  readonly series: Series
  readonly master: Verdict | undefined
  readonly instances: readonly { readonly recurrenceKey: string; readonly verdict: Verdict }[]
}

/**
 * Each component is ordered against its own stored one (RFC 5546 §2.1.5: UID plus RECURRENCE-ID names the component), so that mails
 * may arrive in any order and end in the same series.
 */
export function mergeComponents(before: Series, components: Components, options: MergeOptions): Merged {
  const { customZones } = components
  const taken = takeMaster(before, components.master, options.occurrences, customZones)
  let series = taken.series
  const instances: { recurrenceKey: string; verdict: Verdict }[] = []
  for (const instance of components.instances) {
    const step = takeInstance(series, instance, options, customZones)
    series = step.series
    instances.push({ recurrenceKey: instance.recurrenceKey, verdict: step.verdict })
  }
  const merged = series === before ? before : { ...series, customZones: zonesInUse(series, customZones) }
  return { series: merged, master: taken.verdict, instances }
}

function takeMaster(
  series: Series,
  master: Vevent | undefined,
  occurrences: Occurrences,
  customZones: readonly CustomZone[],
): { readonly series: Series; readonly verdict: Verdict | undefined } {
  if (master === undefined) return { series, verdict: undefined }
  const order = series.master === undefined ? 1 : compareRevision(master, series.master)
  if (order < 0) return { series, verdict: 'stale' }
  if (order === 0 && master.contentHash === series.master?.contentHash) return { series, verdict: 'same' }
  const aligned = series.master === undefined ? alignedTo(series, master, customZones) : series
  const belongs = (component: Series['cancelled'][number] | (Vevent & { recurrenceKey: string })) =>
    compareRevision(component, master) > 0 || isOccurrence(component.recurrenceKey, master, occurrences, customZones)
  const next: Series = {
    ...aligned,
    master,
    overrides: aligned.overrides.filter(isInstance).filter(belongs),
    cancelled: aligned.cancelled
      .filter((instance) => !isExcluded(instance.recurrenceKey, master, customZones))
      .filter(belongs),
  }
  return { series: next, verdict: order === 0 ? 'applied_same_revision' : 'applied' }
}

/** Naked instances were keyed as they were written; their master decides the kind of the key. */
function alignedTo(series: Series, master: Vevent, customZones: readonly CustomZone[]): Series {
  const overrides = series.overrides.filter(isInstance).map((one) => alignInstance(one, master, customZones))
  const cancelled = series.cancelled.map((one) => {
    const recurrenceId = alignTime(one.recurrenceId, master.dtstart, customZones)
    return { ...one, recurrenceId, recurrenceKey: recurrenceKeyOf(recurrenceId) }
  })
  return { ...series, overrides: onePerKey(overrides), cancelled: sortedByKey(cancelled) }
}

function zonesInUse(series: Series, customZones: readonly CustomZone[]): readonly CustomZone[] {
  const vevents = series.master === undefined ? series.overrides : [series.master, ...series.overrides]
  const times = [...vevents.flatMap(timesOf), ...series.cancelled.map((instance) => instance.recurrenceId)]
  const tzids = new Set(times.map((time) => (time.kind === 'zoned' ? time.tzid : undefined)))
  return customZones.filter((zone) => tzids.has(zone.tzid))
}

function timesOf(vevent: Vevent): readonly CalendarTime[] {
  const { recurrence, recurrenceId } = vevent
  return [
    vevent.dtstart,
    vevent.dtend,
    ...(recurrenceId === undefined ? [] : [recurrenceId]),
    ...(recurrence === undefined ? [] : [...recurrence.rdates, ...recurrence.exdates]),
  ]
}
