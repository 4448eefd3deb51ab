import type { Ctx } from '#control-plane/core/context.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant, listTenants } from '#control-plane/core/tenant/tenant-store.ts'
import { listRuns, readRun } from '#control-plane/provisioning/read-run.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { LocalSources } from './local-pages/local-app.ts'

const NEWEST = 50

/** What the local pages show: whoever runs the product here sees all. */
export function localSources(ctx: Ctx): LocalSources {
  return {
    newestTenants: async () => (await listTenants(ctx, { limit: NEWEST })).tenants,
    async tenant(tenantId) {
      const tenant = await find(ctx, tenantId)
      if (tenant === undefined) return undefined
      const runId = tenant.runId ?? (await listRuns(ctx, { tenantId, limit: 1 })).runs[0]?.runId
      return runId === undefined ? { tenant } : { tenant, run: await readRun(ctx, { tenantId, runId }) }
    },
  }
}

async function find(ctx: Ctx, tenantId: string): Promise<Tenant | undefined> {
  try {
    return await getTenant(ctx, tenantId)
  } catch (error) {
    if (isFailure(error, 'tenant.not_found')) return undefined
    throw error
  }
}
