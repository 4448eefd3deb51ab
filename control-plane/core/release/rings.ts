const HOUR = 3600_000

/** A part of the fleet that gets a release together, and how long it is watched before the next ring may follow. */
export type Ring = {
  readonly name: string
  /** Of all tenants: those whose place in a fixed order lies below it. */
  readonly share: number
  readonly bakeMilliseconds: number
  /** Of the ring's updates; one more failure than that stops the release. */
  readonly failureShareMax: number
}

/** The vendor's own tenants, one licensee's, a hundredth, a tenth, everyone. The first two forgive no failure. */
export const rings: readonly Ring[] = [
  { name: 'own', share: 0, bakeMilliseconds: HOUR, failureShareMax: 0 },
  { name: 'first', share: 0, bakeMilliseconds: 4 * HOUR, failureShareMax: 0 },
  { name: 'hundredth', share: 0.01, bakeMilliseconds: 24 * HOUR, failureShareMax: 0.01 },
  { name: 'tenth', share: 0.1, bakeMilliseconds: 24 * HOUR, failureShareMax: 0.01 },
  { name: 'rest', share: 1, bakeMilliseconds: 0, failureShareMax: 0.01 },
]
export const LAST_RING = rings.length - 1

export type RingMember = { readonly tenantId: string; readonly isOwn: boolean; readonly isFirst: boolean }

/**
 * The ring that a tenant belongs to. `place` is uniform in [0, 1) and the same for each release of a version, so that nobody is always
 * first: the hash of version and tenant.
 */
export function ringOf(member: RingMember, place: number): number {
  if (member.isOwn) return 0
  if (member.isFirst) return 1
  const ring = rings.findIndex(({ share }) => place < share)
  return ring < 0 ? LAST_RING : ring
}

export type RingProgress = {
  readonly ring: number
  readonly openedAt: number
  readonly tenants: number
  readonly updated: number
  readonly failed: number
  readonly alarms: number
}

export type GateDecision =
  | { readonly kind: 'open_next'; readonly ring: number }
  | { readonly kind: 'wait'; readonly until?: number }
  | { readonly kind: 'stop'; readonly because: 'failures' | 'alarms' }
  | { readonly kind: 'finished' }

/** Whether the next ring may follow: this one's updates done, its failures few, its alarms quiet for the time of its baking. */
export function decideGate(progress: RingProgress, now: number): GateDecision {
  const ring = rings[progress.ring]
  if (ring === undefined) throw new Error(`there is no ring ${progress.ring}`)
  if (progress.alarms > 0) return { kind: 'stop', because: 'alarms' }
  if (progress.failed > ring.failureShareMax * progress.tenants) return { kind: 'stop', because: 'failures' }
  if (progress.updated + progress.failed < progress.tenants) return { kind: 'wait' }
  if (progress.ring === LAST_RING) return { kind: 'finished' }
  const until = progress.openedAt + ring.bakeMilliseconds
  return now >= until ? { kind: 'open_next', ring: progress.ring + 1 } : { kind: 'wait', until }
}
