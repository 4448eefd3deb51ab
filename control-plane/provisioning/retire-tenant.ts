import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { type Tenant, TenantFailure } from '#control-plane/core/tenant/tenant.ts'
import { decideTenant, triggerOf } from '#control-plane/core/tenant/tenant-machine.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type Run, RunFailure } from './run.ts'
import { loadRun, runWrite } from './run-store.ts'
import { startRun } from './start-run.ts'

/**
 * Retires a tenant: its rows are exported, its resources removed in a safe order, its data kept for a while. What is being done with it is
 * ended first. Again is the same run. Throws `tenant.wrong_state` for one that is retired.
 */
export async function retireTenant(
  ctx: Ctx,
  { tenantId, reason }: { readonly tenantId: string; readonly reason: string },
): Promise<Run> {
  const tenant = await getTenant(ctx, tenantId)
  if (tenant.runId === undefined) return startRun(ctx, { tenantId, kind: 'retire', reason })
  const { run } = await loadRun(ctx, tenantId, tenant.runId)
  if (run.kind === 'retire' || run.wantedInstead?.kind === 'retire') return run
  refuseWrongState(ctx, tenant)
  return wantInstead(ctx, run, { kind: 'retire', reason })
}

function refuseWrongState(ctx: Ctx, tenant: Tenant): void {
  if (decideTenant(tenant.state, 'retire', triggerOf(ctx.actor), {}).kind !== 'moved')
    throw TenantFailure.wrong_state(`A domain that is ${tenant.state} cannot be retired.`)
}

/** Says what shall come instead of a run; the engine takes it up when no step of it is in a worker's hands. */
export async function wantInstead(ctx: Ctx, run: Run, wantedInstead: NonNullable<Run['wantedInstead']>): Promise<Run> {
  const { tenantId, licenseeId } = run
  const after: Run = { ...run, wantedInstead, version: run.version + 1 }
  const { kind, reason } = wantedInstead
  try {
    await commit(ctx, {
      operations: [runWrite(run, after)],
      audit: {
        action: `run.wanted.${kind}`,
        target: { kind: 'tenant', id: tenantId },
        licenseeId,
        tenantId,
        before: run,
        after,
        ...(reason === undefined ? {} : { reason }),
      },
      notices: [{ queueName: 'provision', body: { tenantId } }],
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw RunFailure.changed_meanwhile('The domain has changed meanwhile: look again.')
    throw error
  }
  return after
}
