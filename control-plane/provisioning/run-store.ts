import type { Ctx } from '#control-plane/core/context.ts'
import { markDue } from '#control-plane/core/due.ts'
import { versionedWrite } from '#control-plane/core/versioned-write.ts'
import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import { Run, RunFailure, runKey, runPartition, StepRow, stepKey } from './run.ts'

/** A run has some thirty steps. */
const ROWS_A_PAGE = 100

export type RunWithSteps = { readonly run: Run; readonly steps: readonly StepRow[] }

/** A run and its steps in their order; throws `run.not_found`. */
export async function loadRun(ctx: Ctx, tenantId: string, runId: string): Promise<RunWithSteps> {
  const page = await ctx.table.query({
    pk: runPartition(tenantId),
    sk: { beginsWith: runKey(tenantId, runId).sk },
    limit: ROWS_A_PAGE,
  })
  const [first, ...rest] = page.items
  if (first === undefined) throw RunFailure.not_found('There is no such run.')
  return { run: Run.parse(first), steps: rest.map((item) => StepRow.parse(item)) }
}

/** The write of a run's row, on condition that nobody wrote it since `before` was read. */
export function runWrite(before: Run | undefined, after: Run): WriteOperation {
  const item: TableItem & Run = { ...runKey(after.tenantId, after.runId), ...after }
  return versionedWrite(before, item)
}

/**
 * The write of a step's row, on condition that the last lease was number `fence`. It is due when its lease ends, when what it waits for
 * should be looked at, or at once when it is to be begun.
 */
export function stepWrite(ctx: Ctx, after: StepRow, fence: number | 'new'): WriteOperation {
  const key = stepKey(after)
  const dueAt = dueOf(after)
  const due =
    dueAt === undefined
      ? {}
      : markDue(ctx, {
          rowName: `${key.pk}/${key.sk}`,
          dueAt,
          queueName: 'provision',
          body: { tenantId: after.tenantId },
        })
  return {
    kind: 'put',
    item: { ...key, ...after, ...due },
    when: fence === 'new' ? { row: 'absent' } : { attribute: 'fence', is: '=', value: fence },
  }
}

function dueOf(step: StepRow): number | undefined {
  if (step.status === 'leased') return step.leaseUntil
  if (step.status === 'waiting' || step.status === 'todo') return step.nextAt
  return undefined
}

/** The first step that is not behind us. */
export function currentStep(steps: readonly StepRow[]): StepRow | undefined {
  return steps.find(({ status }) => status !== 'done' && status !== 'skipped')
}
