import type { Ctx } from '../context.ts'
import { holdsClaim } from '../domain/domain-claim.ts'
import { type Tenant, TenantFailure } from '../tenant/tenant.ts'
import { getTenant } from '../tenant/tenant-store.ts'
import type { Licence } from './licence.ts'

/** States from which no payment leads back to a tenant that works. */
const LEAVING: readonly Tenant['state'][] = [
  'export_preparing',
  'export_ready',
  'deprovisioning',
  'retained',
  'deleted',
]

/** True when a tenant is being removed, or is: what is paid for it is paid for nothing. */
export function isLeaving({ state }: Pick<Tenant, 'state'>): boolean {
  return LEAVING.includes(state)
}

/** Nothing is sold or given for a domain that will not be served. Throws `tenant.wrong_state`. */
export async function assertServable(ctx: Ctx, { tenantId }: Pick<Licence, 'tenantId'>): Promise<void> {
  const tenant = await getTenant(ctx, tenantId)
  if (isLeaving(tenant)) throw TenantFailure.wrong_state('The domain is being removed: add it anew to buy a licence.')
  if (!(await holdsClaim(ctx, tenant)))
    throw TenantFailure.wrong_state('The domain is not claimed for this tenant any more.')
}
