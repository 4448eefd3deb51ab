import type { Ctx } from '#control-plane/core/context.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { StepRow } from './run.ts'
import { stepWrite } from './run-store.ts'

/** Longer than a worker lives (its function's time-out is 60 s): when it has passed, whoever held it is dead. */
export const LEASE_MILLISECONDS = 120_000

/** Takes a step for this worker and writes down what it will ask for, in one write; undefined when another was quicker. */
export async function leaseStep(
  ctx: Ctx,
  step: StepRow,
  planned: Pick<StepRow, 'request' | 'inputHash'>,
): Promise<StepRow | undefined> {
  const now = ctx.clock.now()
  const { nextAt: _, ...rest } = step
  const leased: StepRow = {
    ...rest,
    ...planned,
    status: 'leased',
    fence: step.fence + 1,
    leaseUntil: now + LEASE_MILLISECONDS,
    leaseOwner: ctx.workerId,
    firstAt: step.firstAt ?? now,
    visits: step.visits + 1,
  }
  return (await isWon(ctx, leased, step.fence)) ? leased : undefined
}

async function isWon(ctx: Ctx, leased: StepRow, fence: number): Promise<boolean> {
  try {
    await ctx.table.write(stepWrite(ctx, leased, fence))
    return true
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')) return false
    throw error
  }
}

/** True while somebody works at the step, or died in it so lately that this cannot be told. A holder who is known to be dead holds nothing. */
export function isLeased(
  step: StepRow,
  now: number,
  isWorkerGone: (workerId: string) => boolean = () => false,
): boolean {
  const { status, leaseUntil = 0, leaseOwner } = step
  return status === 'leased' && leaseUntil > now && (leaseOwner === undefined || !isWorkerGone(leaseOwner))
}

/** The step as it is when nobody holds it. Its number moves on: who read the row while it was held, and slept, takes nothing. */
export function released(step: StepRow): StepRow {
  const { leaseUntil: _, leaseOwner: __, ...rest } = step
  return { ...rest, fence: step.fence + 1 }
}
