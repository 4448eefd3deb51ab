import type { AuditEntry } from '#control-plane/core/audit/audit.ts'
import { commit } from '#control-plane/core/commit.ts'
import { planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import type { Domain } from '#control-plane/core/domain/domain.ts'
import { decideDomain } from '#control-plane/core/domain/domain-machine.ts'
import { domainWrite } from '#control-plane/core/domain/domain-store.ts'
import { markDue } from '#control-plane/core/due.ts'
import type { Notice } from '#control-plane/core/outbox.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { decideTenant, type TenantEvent, type TenantFacts } from '#control-plane/core/tenant/tenant-machine.ts'
import { tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { released } from './lease.ts'
import { leftFact, leftOf, mailsOfLeft } from './left-behind.ts'
import { mailsOfMove } from './move-mails.ts'
import type { StepRow } from './run.ts'
import { runWrite, stepWrite } from './run-store.ts'
import type { DomainChange, Observation, Step, Work } from './step.ts'

type Done = Extract<Observation, { readonly kind: 'done' }>

/**
 * Writes that a step is done, in one transaction with everything that follows from it: the next step made due or the run finished, the
 * tenant's resources and state, what is known of the domain. Fails when the lease was lost or a row has changed meanwhile: nothing is written then.
 */
export async function finishStep(work: Work, step: Step, done: Done, next: StepRow | undefined): Promise<void> {
  const { ctx, run, tenant } = work
  const now = ctx.clock.now()
  const { error: _, waitsFor: __, nextAt: ___, ...row } = released(work.step)
  const outputs = { ...row.outputs, ...done.outputs, ...done.resources, ...leftFact(step.name, done.left) }
  const finished: StepRow = { ...row, status: 'done', attempt: 0, outputs, observedAt: now, whoActs: 'nobody' }
  const isLast = next === undefined
  const after = tenantAfter(work, step, done, isLast)
  const { operations, audit } = tenantOperations(tenant, after)
  const follow: readonly WriteOperation[] = isLast
    ? [runWrite(run, { ...run, status: 'finished', finishedAt: now, version: run.version + 1 })]
    : [stepWrite(ctx, { ...next, nextAt: now }, next.fence)]
  const facts = { ...work.facts, ...outputs }
  const mails = await planControlMails(ctx, [
    ...(await mailsOfMove(ctx, { ...work, before: tenant, after, left: leftOf(facts) })),
    ...(isLast ? mailsOfLeft(work, facts) : []),
  ])
  await commit(ctx, {
    operations: [
      stepWrite(ctx, finished, work.step.fence),
      ...follow,
      ...operations,
      ...domainOperations(work, done.domain),
      ...(done.operations ?? []),
      ...mails.operations,
    ],
    audit,
    notices: [...(isLast ? lastNotices(tenant, after) : []), ...mails.notices],
  })
}

/** A tenant that is gone ends its licence; any other settled state may be behind what its licence says by now. */
function lastNotices(tenant: Tenant, after: Tenant): readonly Notice[] {
  const { licenceId } = tenant
  return after.state === 'deleted' || after.state === 'retained'
    ? [{ queueName: 'licence-due', body: { licenceId } }]
    : [{ queueName: 'licence-changed', body: { licenceId } }]
}

function tenantAfter(work: Work, step: Step, done: Done, isLast: boolean): Tenant {
  const { tenant } = work
  const happened = typeof step.onDone === 'function' ? step.onDone(work) : step.onDone
  const gone = new Set(done.gone)
  const kept = Object.entries({ ...tenant.resources, ...done.resources }).filter(([name]) => !gone.has(name))
  const { runId, ...rest } = tenant
  return {
    ...rest,
    ...(isLast || runId === undefined ? {} : { runId }),
    ...done.tenant,
    resources: Object.fromEntries(kept),
    state: happened === undefined ? tenant.state : movedState(tenant, happened, done.facts ?? {}),
  }
}

/** A step says it is done only when the guard of what follows holds: else there is a fault in the step. */
export function movedState(tenant: Tenant, happened: TenantEvent, facts: TenantFacts): Tenant['state'] {
  const decision = decideTenant(tenant.state, happened, 'system', facts)
  if (decision.kind !== 'moved') throw new Error(`${happened} from ${tenant.state}: ${decision.kind}`)
  return decision.to
}

export function tenantOperations(
  before: Tenant,
  after: Tenant,
): { readonly operations: readonly WriteOperation[]; readonly audit: readonly AuditEntry[] } {
  if (JSON.stringify(before) === JSON.stringify(after)) return { operations: [], audit: [] }
  const next = { ...after, version: before.version + 1 }
  const { tenantId, licenseeId } = before
  const entry: AuditEntry = {
    action: `tenant.${after.state}`,
    target: { kind: 'tenant', id: tenantId },
    licenseeId,
    tenantId,
    before,
    after: next,
  }
  return { operations: [tenantWrite(before, next)], audit: after.state === before.state ? [] : [entry] }
}

/** The domain's row with what was learnt; nothing when nothing was, or nothing is begun. */
export function domainOperations({ ctx, domain }: Work, change: DomainChange | undefined): readonly WriteOperation[] {
  if (change === undefined || domain === undefined) return []
  const facts = { isClaimProven: change.isClaimProven === true }
  const state = (change.events ?? []).reduce((from, happened) => {
    const decision = decideDomain(from, happened, facts)
    return decision.kind === 'moved' ? decision.to : from
  }, domain.state)
  const after: Domain = { ...domain, ...change.set, state, version: domain.version + 1 }
  const { dueAt } = change
  const { tenantId } = domain
  const due =
    dueAt === undefined
      ? undefined
      : markDue(ctx, { rowName: `domain/${tenantId}`, dueAt, queueName: 'domain-due', body: { tenantId } })
  return [domainWrite(domain, after, due)]
}
