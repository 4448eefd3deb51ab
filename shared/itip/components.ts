import type { CustomZone, Vevent } from '#shared/icalendar/model.ts'
import { alignOverride } from '#shared/icalendar/series.ts'
import { compareRevision, recurrenceKeyOf } from '#shared/icalendar/times.ts'
import type { IncomingItip, StoredSeries } from './decisions.ts'

export type Instance = Vevent & Required<Pick<Vevent, 'recurrenceId' | 'recurrenceKey'>>

/** A mail's components in the terms of the stored series. */
export type Components = {
  readonly master: Vevent | undefined
  /** At most one per key, the newest; sorted by key. */
  readonly instances: readonly Instance[]
  /** The master once the mail is taken: the mail's unless the stored one is newer. */
  readonly masterInForce: Vevent | undefined
  readonly customZones: readonly CustomZone[]
}

/**
 * Splits a mail into master and instances. A client may write one RECURRENCE-ID as DATE, in UTC or in another zone, so keys are
 * taken in the kind of the master in force. A component of ADD names itself by its start (RFC 5546 §3.2.4 gives it no RECURRENCE-ID).
 */
export function componentsOf(incoming: IncomingItip, stored: StoredSeries | undefined): Components {
  const isAdd = incoming.method === 'ADD'
  const masters = incoming.vevents.filter((vevent) => vevent.recurrenceId === undefined && !isAdd)
  const master = masters.reduce<Vevent | undefined>(newest, undefined)
  const known = stored?.status === 'confirmed' ? stored.series.master : undefined
  const isMasterTaken =
    master !== undefined && incoming.method !== 'CANCEL' && (known === undefined || compareRevision(master, known) >= 0)
  const masterInForce = isMasterTaken ? master : known
  const customZones = mergedZones(stored?.series.customZones ?? [], incoming.customZones)
  const instances = incoming.vevents.flatMap((vevent) => {
    const recurrenceId = vevent.recurrenceId ?? (isAdd ? vevent.dtstart : undefined)
    if (recurrenceId === undefined) return []
    const aligned = { ...vevent, recurrenceId, recurrenceKey: vevent.recurrenceKey ?? recurrenceKeyOf(recurrenceId) }
    return [alignInstance(aligned, masterInForce, customZones)]
  })
  return { master, instances: onePerKey(instances), masterInForce, customZones }
}

/** The instance with its RECURRENCE-ID and key in the kind of the master's DTSTART. */
export function alignInstance(
  instance: Instance,
  master: Vevent | undefined,
  customZones: readonly CustomZone[],
): Instance {
  if (master === undefined) return instance
  const aligned = alignOverride(instance, master, customZones)
  return isInstance(aligned) ? aligned : instance
}

export function isInstance(vevent: Vevent): vevent is Instance {
  return vevent.recurrenceId !== undefined && vevent.recurrenceKey !== undefined
}

/** Sorted by key, the newest of each. */
export function onePerKey(instances: readonly Instance[]): readonly Instance[] {
  const byKey = new Map<string, Instance>()
  for (const instance of instances)
    byKey.set(instance.recurrenceKey, newest(byKey.get(instance.recurrenceKey), instance))
  return sortedByKey([...byKey.values()])
}

export function sortedByKey<T extends { readonly recurrenceKey: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.recurrenceKey < b.recurrenceKey ? -1 : Number(a.recurrenceKey > b.recurrenceKey)))
}

/** First wins among equals, as with every repeated thing (row 33). */
function newest<T extends Vevent>(a: T | undefined, b: T): T {
  return a !== undefined && compareRevision(a, b) >= 0 ? a : b
}

function mergedZones(stored: readonly CustomZone[], incoming: readonly CustomZone[]): readonly CustomZone[] {
  const byName = new Map([...stored, ...incoming].map((zone) => [zone.tzid, zone]))
  return [...byName.values()].toSorted((a, b) => (a.tzid < b.tzid ? -1 : Number(a.tzid > b.tzid)))
}
