/** Of all stacks, every night; those that were changed come on top. */
const SAMPLE_SHARE = 0.05

/**
 * Stacks whose drift is looked at in a night: a twentieth that goes round, so that each is looked at about every three weeks, and all that
 * were changed since the last look. `placeOf` is uniform in [0, 1) and fixed for a tenant.
 */
export function pickDriftSample<T extends { readonly tenantId: string; readonly isChanged: boolean }>(
  tenants: readonly T[],
  night: number,
  placeOf: (tenantId: string) => number,
): readonly T[] {
  const nights = Math.round(1 / SAMPLE_SHARE)
  const turn = night % nights
  return tenants.filter(({ tenantId, isChanged }) => isChanged || Math.floor(placeOf(tenantId) * nights) === turn)
}

export type DriftStanding = 'in_sync' | 'drifted_once' | 'drifted'

/** Told on the second mismatch in a row: one alone is often a detection that came in the middle of a change. */
export function decideDriftStanding(before: DriftStanding, isDrifted: boolean): DriftStanding {
  if (!isDrifted) return 'in_sync'
  return before === 'in_sync' ? 'drifted_once' : 'drifted'
}
