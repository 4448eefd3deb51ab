import * as z from 'zod'
import type { CounterDelta } from './counters.ts'

/** Whose events' counts are added up. */
export type Owner = 'domain' | { readonly organizerAddress: string }

/** What of an event's counts is in its owners' sums already. */
export const RolledEvent = z.object({
  /** Rises with every roll-up: what twins collide on. */
  version: z.number(),
  /** Days up to this one are in the owners' series. */
  throughDay: z.string().optional(),
  counts: z.record(z.string(), z.number()),
})
export type RolledEvent = z.infer<typeof RolledEvent>

export const NOTHING_ROLLED: RolledEvent = { version: 0, counts: {} }

export function rolledEventKey(eventId: string) {
  return { pk: `count#${eventId}`, sk: 'rolled' }
}

/** An owner's sums; its `version` rises with every roll-up of one of his events. */
export function ownerKey(owner: Owner) {
  return { pk: ownerPartition(owner), sk: 'rolled' }
}

export function ownerDayKey(owner: Owner, day: string) {
  return { pk: ownerPartition(owner), sk: `day#${day}` }
}

/** Days up to the one that it names are rolled up for every event. */
export const closedKey = { pk: 'count#domain', sk: 'closed' } as const

/** What `now` has more than `before`, by name; names without a difference are left out. */
export function differenceOf(now: CounterDelta, before: CounterDelta): CounterDelta {
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])]
  return Object.fromEntries(
    names.map((name) => [name, (now[name] ?? 0) - (before[name] ?? 0)] as const).filter(([, count]) => count !== 0),
  )
}

function ownerPartition(owner: Owner): string {
  return owner === 'domain' ? 'count#domain' : `count#organizer#${owner.organizerAddress}`
}
