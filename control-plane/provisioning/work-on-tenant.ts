import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { takeToken } from './budget.ts'
import { PAUSE_MAX_MILLISECONDS, type ProvisioningCtx } from './context.ts'
import { finishStep } from './finish-visit.ts'
import { isLeased, leaseStep, released } from './lease.ts'
import { type Left, leaveStep } from './leave-step.ts'
import { givenUp } from './left-behind.ts'
import type { Facts, StepRow } from './run.ts'
import { currentStep, loadRun, type RunWithSteps, stepWrite } from './run-store.ts'
import { siteOf } from './site.ts'
import type { Observation, Step, Work } from './step.ts'
import { steps } from './steps/all-steps.ts'
import { keepCounted, moveToOtherCell } from './steps/other-cell.ts'
import { takeUpInstead } from './take-up-instead.ts'
import { endRun, redoFrom } from './turn-run.ts'
import { type Visit, visitStep } from './visit-step.ts'

/** No step is begun later in a worker's life: what it would be in the middle of at its end has to wait for the lease. */
const BEGIN_UNTIL_MILLISECONDS = 30_000

export type WorkOutcome = 'settled' | 'leased' | 'waiting' | 'failed' | 'more'

/**
 * Works on a tenant's run, step after step, until something is waited for. Safe to run twice, late, and beside its twin: a step is held by
 * a lease whose number every write asks for, and what is asked of the cloud may be asked twice.
 */
export async function workOnTenant(
  ctx: ProvisioningCtx,
  { tenantId }: { readonly tenantId: string },
): Promise<WorkOutcome> {
  const begun = ctx.clock.now()
  for (;;) {
    const outcome = await workOnce(ctx, tenantId)
    if (outcome !== 'again') return outcome
    if (ctx.clock.now() - begun > BEGIN_UNTIL_MILLISECONDS) break
  }
  await ctx.queues.send('provision', JSON.stringify({ tenantId }))
  return 'more'
}

async function workOnce(ctx: ProvisioningCtx, tenantId: string): Promise<WorkOutcome | 'again'> {
  const tenant = await getTenant(ctx, tenantId)
  if (tenant.runId === undefined) return 'settled'
  const loaded = await loadRun(ctx, tenantId, tenant.runId)
  const row = currentStep(loaded.steps)
  if (row === undefined || loaded.run.status !== 'working') return 'settled'
  const now = ctx.clock.now()
  if (isLeased(row, now, ctx.isWorkerGone)) return 'leased'
  if (loaded.run.wantedInstead !== undefined) return takeUpInstead(ctx, tenant, loaded)
  if (row.status === 'failed') return 'failed'
  const wait = row.status === 'leased' ? 0 : (row.nextAt ?? 0) - now
  if (wait > PAUSE_MAX_MILLISECONDS) return 'waiting'
  if (wait > 0) await ctx.pause(wait)
  return workOnStep(ctx, tenant, loaded, row)
}

async function workOnStep(
  ctx: ProvisioningCtx,
  tenant: Tenant,
  loaded: RunWithSteps,
  row: StepRow,
): Promise<WorkOutcome | 'again'> {
  const step = steps[row.name]
  const before = await workOf(ctx, tenant, loaded, row)
  const request = (await step.plan?.(before)) ?? {}
  const inputHash = ctx.sha256(JSON.stringify(request))
  // What was written before the first call stays: a second worker asks with the same ids.
  const kept = row.inputHash === inputHash ? row.request : undefined
  const leased = await leaseStep(ctx, row, { request: kept ?? request, inputHash })
  if (leased === undefined) return 'leased'
  const work = { ...before, step: leased }
  try {
    return await visit(work, step, loaded.steps)
  } catch (error) {
    // The lease was lost, or a row was changed by somebody else between our look and our write: what is true now is read anew.
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    return afterLostWrite(work)
  }
}

async function visit(work: Work, step: Step, rows: readonly StepRow[]): Promise<WorkOutcome | 'again'> {
  const { ctx } = work
  let current = work
  const keep = async (outputs: Facts) => {
    const kept = { ...current.step, outputs: { ...current.step.outputs, ...outputs } }
    await ctx.table.write(stepWrite(ctx, kept, kept.fence))
    current = { ...current, step: kept, facts: { ...current.facts, ...outputs } }
    return current
  }
  const visited = await visitStep(work, step, work.step.request ?? {}, keep)
  return settle(current, step, visited, rows)
}

async function settle(
  work: Work,
  step: Step,
  visited: Visit,
  rows: readonly StepRow[],
): Promise<WorkOutcome | 'again'> {
  if (visited.kind !== 'observed') {
    const given = givenUp(work, visited) ?? (await elsewhereWhenFull(work, visited))
    return given === undefined
      ? leave(work, visited)
      : settle(work, step, { kind: 'observed', observation: given }, rows)
  }
  const { observation } = visited
  switch (observation.kind) {
    case 'done': {
      const next = rows[work.step.position + 1]
      await finishStep(work, step, observation, next)
      return next === undefined ? 'settled' : 'again'
    }
    case 'redo':
      if (!work.run.steps.includes(observation.from))
        return leave(work, { kind: 'observed', observation: elsewhere(observation) })
      await redoFrom(work, rows, observation)
      return 'again'
    case 'ended':
      await endRun(work, observation)
      return 'settled'
    case 'waiting':
    case 'stuck':
      return leave(work, { kind: 'observed', observation })
  }
}

/** A quota that was met before anything was made is another cell's chance. */
async function elsewhereWhenFull(work: Work, visited: Visit) {
  if (visited.kind !== 'trouble' || visited.trouble.code !== 'quota') return undefined
  if (work.tenant.placement !== 'cell' || work.run.kind !== 'provision') return undefined
  await keepCounted(work.ctx, (await work.site()).place, visited.trouble.text.slice(0, 100))
  const moved = await moveToOtherCell(work)
  return moved?.kind === 'redo' ? moved : undefined
}

/** What would have to be made again is made by another kind of run: a person has to look. */
function elsewhere({ from, because }: Extract<Observation, { readonly kind: 'redo' }>) {
  const text = `${because}: ${from} would have to be done again.`
  return { kind: 'stuck', code: 'not_of_this_run', text, whoActs: 'vendor' } as const satisfies Observation
}

async function leave(work: Work, left: Left): Promise<WorkOutcome | 'again'> {
  const nextAt = await leaveStep(work, left)
  if (nextAt === undefined) return 'failed'
  return nextAt - work.ctx.clock.now() <= PAUSE_MAX_MILLISECONDS ? 'again' : 'waiting'
}

/** Gives the step back at once when it is still ours, so that nobody waits for the lease to end. */
async function afterLostWrite({ ctx, step }: Work): Promise<WorkOutcome | 'again'> {
  const back: StepRow = { ...released(step), status: 'waiting', waitsFor: 'retry', nextAt: ctx.clock.now() + 500 }
  try {
    await ctx.table.write(stepWrite(ctx, back, step.fence))
    return 'again'
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')) return 'leased'
    throw error
  }
}

async function workOf(
  ctx: ProvisioningCtx,
  tenant: Tenant,
  { run, steps: rows }: RunWithSteps,
  step: StepRow,
): Promise<Work> {
  const { tenantId, licenceId } = tenant
  const facts = Object.assign({}, tenant.resources, ...rows.map(({ outputs }) => outputs ?? {}))
  const site = () => siteOf(ctx, tenant)
  return {
    ctx,
    tenant,
    domain: await findDomain(ctx, tenantId),
    run,
    step,
    facts,
    licence: () => getLicence(ctx, licenceId),
    site,
    async call(serviceName, act) {
      const { place } = await site()
      await takeToken(ctx, serviceName, place)
      return act(ctx.cloud.at(place))
    },
  }
}
