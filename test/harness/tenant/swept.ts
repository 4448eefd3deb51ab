import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import type { TestTenant } from './test-tenant.ts'

/** A while later: what nobody was told of is found again, and everything comes to rest. */
export async function swept(tenant: TestTenant, seconds = 90): Promise<void> {
  tenant.platform.clock.advance(seconds)
  await sweepHandlers.unfinished(tenant.ctx)
  await tenant.drain()
}
