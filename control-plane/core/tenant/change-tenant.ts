import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type Tenant, TenantFailure } from './tenant.ts'
import { getTenant, tenantWrite } from './tenant-store.ts'

/** Changes what is said of a tenant, with its audit row, in one transaction. Throws `tenant.changed_meanwhile` when another was quicker. */
export async function changeTenant(
  ctx: Ctx,
  { tenantId, reason }: { readonly tenantId: string; readonly reason?: string },
  action: string,
  change: (tenant: Tenant) => Tenant,
): Promise<Tenant> {
  const before = await getTenant(ctx, tenantId)
  const after: Tenant = { ...change(before), version: before.version + 1 }
  try {
    await commit(ctx, {
      operations: [tenantWrite(before, after)],
      audit: {
        action,
        target: { kind: 'tenant', id: tenantId },
        licenseeId: before.licenseeId,
        tenantId,
        before,
        after,
        ...(reason === undefined ? {} : { reason }),
      },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw TenantFailure.changed_meanwhile('The tenant has changed meanwhile: look again.')
    throw error
  }
  return after
}
