import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import type { Domain } from '#control-plane/core/domain/domain.ts'
import { domainWrite, findDomain } from '#control-plane/core/domain/domain-store.ts'
import { markDue } from '#control-plane/core/due.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { checkNowWait } from '#control-plane/dns/rhythm.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type RunView, readRun } from './read-run.ts'
import { RunFailure } from './run.ts'
import { currentStep, loadRun, stepWrite } from './run-store.ts'

/**
 * Looks at once at what is waited for, because a person has asked; at most once in ten seconds (`run.too_soon`). Answers the run that goes
 * on, if there is one.
 */
export async function checkNow(ctx: Ctx, { tenantId }: { readonly tenantId: string }): Promise<RunView | undefined> {
  const { runId } = await getTenant(ctx, tenantId)
  const domain = await findDomain(ctx, tenantId)
  refuseTooSoon(ctx, domain)
  if (runId === undefined) {
    await wakeLook(ctx, tenantId, domain)
    return undefined
  }
  await wakeStep(ctx, tenantId, runId)
  return readRun(ctx, { tenantId, runId })
}

function refuseTooSoon(ctx: Ctx, domain: Domain | undefined): void {
  const lastLookAt = domain?.lastLookAt
  const wait = checkNowWait({ now: ctx.clock.now(), ...(lastLookAt === undefined ? {} : { lastLookAt }) })
  if (wait > 0)
    throw RunFailure.too_soon(`The domain was looked at just now. Try again in ${Math.ceil(wait / 1000)} s.`)
}

async function wakeLook(ctx: Ctx, tenantId: string, domain: Domain | undefined): Promise<void> {
  if (domain === undefined) return
  const now = ctx.clock.now()
  const due = markDue(ctx, { rowName: `domain/${tenantId}`, dueAt: now, queueName: 'domain-due', body: { tenantId } })
  // `lastLookAt` moves with the asking, so that a second person's click is too soon as well.
  const after = { ...domain, lastLookAt: now, version: domain.version + 1 }
  await unlessChanged(() =>
    commit(ctx, {
      operations: [domainWrite(domain, after, due)],
      audit: [],
      notices: [{ queueName: 'domain-due', body: { tenantId } }],
    }),
  )
}

/** Has a waiting step looked at now; with `waitsFor` only a step that waits for that. */
export async function wakeStep(ctx: Ctx, tenantId: string, runId: string, waitsFor?: string): Promise<void> {
  const { steps } = await loadRun(ctx, tenantId, runId)
  const step = currentStep(steps)
  const now = ctx.clock.now()
  if (step?.status !== 'waiting' || (step.nextAt ?? 0) <= now) return
  if (waitsFor !== undefined && step.waitsFor !== waitsFor) return
  await unlessChanged(() =>
    commit(ctx, {
      operations: [stepWrite(ctx, { ...step, nextAt: now, fence: step.fence + 1 }, step.fence)],
      audit: [],
      notices: [{ queueName: 'provision', body: { tenantId } }],
    }),
  )
}

/** Whoever changed the row in between is looking at it. */
async function unlessChanged(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
