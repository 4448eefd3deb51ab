import { withContentHash } from './content-hash.ts'
import type { CustomZone, Series, Vevent } from './model.ts'
import { alignTime, compareRevision, recurrenceKeyOf } from './times.ts'

/** VEVENTs by UID, in the order in which each UID first appears. */
export function groupByUid(vevents: readonly Vevent[]): ReadonlyMap<string, readonly Vevent[]> {
  return Map.groupBy(vevents, ({ uid }) => uid)
}

/**
 * The series of one UID: the newest master, the newest override of each instance sorted by key; an override with STATUS:CANCELLED
 * is an instance called off. Throws when `vevents` is empty or of several UIDs, which is a bug of the caller.
 */
export function buildSeries(vevents: readonly Vevent[], customZones: readonly CustomZone[] = []): Series {
  const uid = vevents[0]?.uid
  if (uid === undefined || vevents.some((vevent) => vevent.uid !== uid)) throw new Error('a series has one UID')
  const master = newest(vevents.filter(({ recurrenceKey }) => recurrenceKey === undefined))
  const instances = vevents
    .filter(({ recurrenceKey }) => recurrenceKey !== undefined)
    .map((vevent) => (master === undefined ? vevent : alignOverride(vevent, master, customZones)))
  const byKey = [...Map.groupBy(instances, ({ recurrenceKey = '' }) => recurrenceKey)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, same]) => newest(same))
    .filter((vevent) => vevent !== undefined)
  return {
    uid,
    ...(master !== undefined && { master }),
    overrides: byKey.filter(({ status }) => status !== 'CANCELLED'),
    cancelled: byKey.filter(({ status }) => status === 'CANCELLED').flatMap(cancelledInstance),
    customZones: usedZones(vevents, customZones),
  }
}

/** The override with its RECURRENCE-ID in the kind of the master's DTSTART, so that equal instances have equal keys. */
export function alignOverride(override: Vevent, master: Vevent, customZones: readonly CustomZone[]): Vevent {
  if (override.recurrenceId === undefined) return override
  const recurrenceId = alignTime(override.recurrenceId, master.dtstart, customZones)
  const recurrenceKey = recurrenceKeyOf(recurrenceId)
  if (recurrenceKey === override.recurrenceKey) return override
  return withContentHash({ ...override, recurrenceId, recurrenceKey })
}

function newest(vevents: readonly Vevent[]): Vevent | undefined {
  return vevents.reduce<Vevent | undefined>(
    (best, vevent) => (best === undefined || compareRevision(vevent, best) > 0 ? vevent : best),
    undefined,
  )
}

function cancelledInstance(vevent: Vevent): Series['cancelled'] {
  const { recurrenceId, recurrenceKey, sequence, dtstamp } = vevent
  if (recurrenceId === undefined || recurrenceKey === undefined) return []
  return [{ recurrenceKey, recurrenceId, sequence, dtstamp }]
}

/** Only zones that some time of the series names. */
function usedZones(vevents: readonly Vevent[], customZones: readonly CustomZone[]): readonly CustomZone[] {
  if (customZones.length === 0) return []
  const used = new Set(
    vevents
      .flatMap(({ dtstart, dtend, recurrenceId, recurrence }) => [
        dtstart,
        dtend,
        ...(recurrenceId === undefined ? [] : [recurrenceId]),
        ...(recurrence?.rdates ?? []),
        ...(recurrence?.exdates ?? []),
      ])
      .map((time) => (time.kind === 'zoned' ? time.tzid : '')),
  )
  return customZones.filter(({ tzid }) => used.has(tzid))
}
