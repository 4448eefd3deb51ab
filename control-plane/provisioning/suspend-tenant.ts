import type { Ctx } from '#control-plane/core/context.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { wantInstead } from './retire-tenant.ts'
import { type Run, RunFailure, type RunKind } from './run.ts'
import { loadRun } from './run-store.ts'
import { startRun } from './start-run.ts'

/** Runs that a suspension does not wait for: a release can be given again, and what must not be sent must not be sent now. */
const INTERRUPTED: readonly RunKind[] = ['update', 'resume']

/**
 * Suspends a tenant, also one that an update or a resumption has stopped at: that is ended when no step of it is in a worker's hands. Again
 * is the same run. Throws `run.not_settled` while it is set up or taken down, and `tenant.wrong_state` when there is nothing to suspend.
 */
export async function suspendTenant(
  ctx: Ctx,
  { tenantId, reason }: { readonly tenantId: string; readonly reason: string },
): Promise<Run> {
  const tenant = await getTenant(ctx, tenantId)
  if (tenant.runId === undefined) return startRun(ctx, { tenantId, kind: 'suspend', reason })
  const { run } = await loadRun(ctx, tenantId, tenant.runId)
  if (run.kind === 'suspend' || run.wantedInstead !== undefined) return run
  if (!INTERRUPTED.includes(run.kind)) throw RunFailure.not_settled('Something else is being done with this domain.')
  return wantInstead(ctx, run, { kind: 'suspend', reason })
}
