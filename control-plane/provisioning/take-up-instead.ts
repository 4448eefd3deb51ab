import { commit } from '#control-plane/core/commit.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { ProvisioningCtx } from './context.ts'
import { released } from './lease.ts'
import type { RunWithSteps } from './run-store.ts'
import { currentStep, runWrite, stepWrite } from './run-store.ts'
import { beginRun } from './start-run.ts'

/**
 * Ends a run that another was wanted instead of, and begins that one, in one transaction. Nobody holds a step then, so nothing is being
 * made that the new run would not find.
 */
export async function takeUpInstead(
  ctx: ProvisioningCtx,
  tenant: Tenant,
  { run, steps }: RunWithSteps,
): Promise<'again' | 'settled'> {
  const { wantedInstead } = run
  if (wantedInstead === undefined) return 'again'
  const { runId: _, ...settled } = tenant
  const begun = await beginRun(ctx, settled, wantedInstead)
  const ended = { ...run, status: 'ended' as const, finishedAt: ctx.clock.now(), version: run.version + 1 }
  // The step that was next loses its due mark, or the clock would go on telling of it.
  const current = currentStep(steps)
  const skipped =
    current === undefined ? [] : [stepWrite(ctx, { ...released(current), status: 'skipped' }, current.fence)]
  await commit(ctx, { operations: [runWrite(run, ended), ...skipped, ...begun.operations], audit: begun.audit })
  return 'again'
}
