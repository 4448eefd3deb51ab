import { commit } from '#control-plane/core/commit.ts'
import { planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import { movedState, tenantOperations } from './finish-visit.ts'
import { released } from './lease.ts'
import { mailsOfMove } from './move-mails.ts'
import type { StepRow } from './run.ts'
import { runWrite, stepWrite } from './run-store.ts'
import { generationOf, type Observation, type Work } from './step.ts'

/** Begins anew from an earlier step: those from there to here are to be done again, and what they had found is forgotten. */
export async function redoFrom(
  work: Work,
  rows: readonly StepRow[],
  redo: Extract<Observation, { readonly kind: 'redo' }>,
): Promise<void> {
  const { ctx, step, tenant } = work
  const first = rows.find(({ name }) => name === redo.from)
  if (first === undefined || first.position > step.position)
    throw new Error(`${step.name} wants to begin from ${redo.from}, which is not before it`)
  ctx.log.info({
    at: 'provisioning.redo',
    tenantId: step.tenantId,
    step: step.name,
    from: redo.from,
    because: redo.because,
  })
  const now = ctx.clock.now()
  const again = rows
    .filter(({ position }) => position >= first.position && position <= step.position)
    .map((row) => (row.position === step.position ? step : row))
    .map((row) => stepWrite(ctx, { ...begunAnew(row), ...(row === first ? { nextAt: now } : {}) }, row.fence))
  const resources = { ...tenant.resources, ...redo.resources }
  const { operations, audit } = tenantOperations(tenant, { ...tenant, resources })
  await commit(ctx, { operations: [...again, ...operations, ...(redo.operations ?? [])], audit })
}

/** The fence moves on: a worker that still believes to hold it writes nothing. */
function begunAnew(row: StepRow): StepRow {
  const { request: _, inputHash: __, error: ___, waitsFor: ____, nextAt: _____, ...rest } = released(row)
  return {
    ...rest,
    status: 'todo',
    attempt: 0,
    visits: 0,
    whoActs: 'nobody',
    outputs: { generation: String(generationOf(row) + 1) },
  }
}

/** Ends a run that cannot reach its end, and settles the tenant in the state that says so. */
export async function endRun(work: Work, ended: Extract<Observation, { readonly kind: 'ended' }>): Promise<void> {
  const { ctx, run, tenant, step } = work
  const { code, text } = ended
  const { runId: _, ...settled } = tenant
  const state = movedState(tenant, ended.event, {})
  const after = { ...settled, state }
  const { operations, audit } = tenantOperations(tenant, after)
  const mails = await planControlMails(ctx, await mailsOfMove(ctx, { ...work, before: tenant, after, left: [] }))
  const error = { class: 'invalid', code, text, whoActs: 'vendor' } as const
  await commit(ctx, {
    operations: [
      stepWrite(ctx, { ...released(step), status: 'failed', error, whoActs: 'vendor' }, step.fence),
      runWrite(run, { ...run, status: 'ended', finishedAt: ctx.clock.now(), version: run.version + 1 }),
      ...operations,
      ...mails.operations,
    ],
    audit,
    notices: [{ queueName: 'licence-changed', body: { licenceId: tenant.licenceId } }, ...mails.notices],
  })
}
