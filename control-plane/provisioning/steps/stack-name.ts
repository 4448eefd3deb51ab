import type { Tenant } from '#control-plane/core/tenant/tenant.ts'

/** Roles and policies of the baseline reach stacks of tenants by this beginning (`infra/stacks/baseline/names.ts`). */
const PREFIX = 'convoke-'

export function stackNameOf({ tenantId }: Pick<Tenant, 'tenantId'>): string {
  return PREFIX + tenantId.replace(/^ten_/, '')
}
