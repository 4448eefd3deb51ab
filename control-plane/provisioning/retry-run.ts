import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type RunView, readRun } from './read-run.ts'
import { RunFailure, type StepRow } from './run.ts'
import { currentStep, loadRun, stepWrite } from './run-store.ts'

/** Takes a failed step up again, after somebody has mended what it met. Throws `run.nothing_failed`, `run.not_found`. */
export async function retryRun(ctx: Ctx, { tenantId }: { readonly tenantId: string }): Promise<RunView> {
  const { runId, licenseeId } = await getTenant(ctx, tenantId)
  if (runId === undefined) throw RunFailure.nothing_failed('Nothing is being done with this domain.')
  const { steps } = await loadRun(ctx, tenantId, runId)
  const step = currentStep(steps)
  if (step?.status !== 'failed') throw RunFailure.nothing_failed('Nothing of it has failed.')
  const after: StepRow = { ...step, status: 'todo', attempt: 0, visits: 0, whoActs: 'nobody', nextAt: ctx.clock.now() }
  try {
    await commit(ctx, {
      operations: [stepWrite(ctx, { ...after, fence: step.fence + 1 }, step.fence)],
      audit: {
        action: 'run.retried',
        target: { kind: 'tenant', id: tenantId },
        licenseeId,
        tenantId,
        before: step,
        after,
      },
      notices: [{ queueName: 'provision', body: { tenantId } }],
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
  return readRun(ctx, { tenantId, runId })
}
