import { holdsClaim } from '#control-plane/core/domain/domain-claim.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Observation, Work } from '../step.ts'
import { foreign } from './ours.ts'

const LOOK_AGAIN_MILLISECONDS = 60_000

/**
 * Something of the domain is another's: waited for while that is a tenant of ours that has lost the name, and whose things therefore go;
 * anything else is never taken over, and a person has to look.
 */
export async function takenBy(work: Work, otherTenantId: string | undefined, what: string): Promise<Observation> {
  const { ctx, tenant } = work
  const other = otherTenantId === undefined ? undefined : await findTenant(work, otherTenantId)
  if (other?.domainName !== tenant.domainName || (await holdsClaim(ctx, other))) return foreign(what)
  const nextAt = ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
  // One that stands before a person's decision is the vendor's to move on; he is told when it takes long.
  return { kind: 'waiting', waitsFor: 'other_tenant', whoActs: 'vendor', nextAt }
}

async function findTenant({ ctx }: Work, tenantId: string) {
  try {
    return await getTenant(ctx, tenantId)
  } catch (error) {
    if (isFailure(error, 'tenant.not_found')) return undefined
    throw error
  }
}
