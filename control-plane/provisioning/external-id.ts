import type { Ctx } from '#control-plane/core/context.ts'

/** Unique to the tenant and unknown to others: keeps one customer from naming another's account (confused deputy). */
export function newExternalId({ ids }: Pick<Ctx, 'ids'>): string {
  return `${ids.newToken()}${ids.newToken()}`
}
