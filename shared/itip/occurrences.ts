import type { CalendarTime, CustomZone, RecurrenceKey, Series, Vevent } from '#shared/icalendar/model.ts'
import { recurrenceKeyOf } from '#shared/icalendar/times.ts'
import { componentsOf } from './components.ts'
import type { IncomingItip, StoredSeries } from './decisions.ts'

/** Answers to `occurrenceQuestion`, key by key. */
export type Occurrences = ReadonlyMap<RecurrenceKey, boolean>

/**
 * What must be known of the recurrence before `decideOrganizer` can decide: the series whose rule is in force once the mail is
 * taken, and the keys asked. Undefined when no rule has to be expanded. Pass the answers on as `occurrences`.
 */
export function occurrenceQuestion(
  incoming: IncomingItip,
  stored: StoredSeries | undefined,
): { readonly series: Series; readonly recurrenceKeys: readonly RecurrenceKey[] } | undefined {
  const { instances, masterInForce, customZones } = componentsOf(incoming, stored)
  if (masterInForce?.recurrence === undefined || masterInForce.recurrence.rrules.length === 0) return undefined
  const keys = [...instances, ...(stored?.series.overrides ?? []), ...(stored?.series.cancelled ?? [])]
    .map((instance) => instance.recurrenceKey)
    .filter((key) => key !== undefined)
  if (keys.length === 0) return undefined
  const series = { uid: incoming.uid, master: masterInForce, overrides: [], cancelled: [], customZones }
  return { series, recurrenceKeys: [...new Set(keys)] }
}

/** Whether the master has an instance there; naked instances have no master and need none (RFC 5546 §4.4, CalConnect iMIP). */
export function isOccurrence(
  key: RecurrenceKey,
  master: Vevent | undefined,
  occurrences: Occurrences,
  customZones?: readonly CustomZone[],
): boolean {
  if (master === undefined) return true
  if (isExcluded(key, master, customZones)) return false
  const keyOf = (time: CalendarTime) => recurrenceKeyOf(time, master.dtstart, customZones)
  if (key === keyOf(master.dtstart)) return true
  if (master.recurrence?.rdates.some((rdate) => keyOf(rdate) === key)) return true
  return (master.recurrence?.rrules.length ?? 0) > 0 && occurrences.get(key) === true
}

/** Whether the master's own EXDATE calls the instance off. */
export function isExcluded(
  key: RecurrenceKey,
  master: Vevent | undefined,
  customZones?: readonly CustomZone[],
): boolean {
  return (
    master?.recurrence?.exdates.some((exdate) => recurrenceKeyOf(exdate, master.dtstart, customZones) === key) ?? false
  )
}
