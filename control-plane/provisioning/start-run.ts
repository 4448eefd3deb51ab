import type { AuditEntry } from '#control-plane/core/audit/audit.ts'
import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { currentRelease } from '#control-plane/core/release/desire-release.ts'
import { type Tenant, TenantFailure } from '#control-plane/core/tenant/tenant.ts'
import {
  decideTenant,
  type TenantEvent,
  type TenantFacts,
  triggerOf,
} from '#control-plane/core/tenant/tenant-machine.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { stepsOf } from './plans.ts'
import { type Run, RunFailure, type RunKind, type StepRow } from './run.ts'
import { runWrite, stepWrite } from './run-store.ts'

export type RunOrder = { readonly kind: RunKind; readonly reason?: string }

/** What a run's beginning does to the tenant; a deletion shows only at its end. */
const events: { readonly [K in RunKind]: TenantEvent | undefined } = {
  provision: 'placing_started',
  update: 'update_started',
  suspend: 'suspend',
  resume: 'resume',
  unbind: 'unbind',
  retire: 'retire',
  delete: undefined,
}

/**
 * Starts a run of a settled tenant. Throws `run.not_settled` while another is unfinished, `tenant.wrong_state` when this one does not begin
 * there, `run.no_release` when there is nothing to stamp it from.
 */
export async function startRun(ctx: Ctx, input: RunOrder & { readonly tenantId: string }): Promise<Run> {
  const tenant = await getTenant(ctx, input.tenantId)
  if (tenant.runId !== undefined) throw RunFailure.not_settled('Something else is being done with this domain.')
  const { run, operations, audit } = await beginRun(ctx, tenant, input)
  try {
    await commit(ctx, {
      operations,
      audit,
      notices: [{ queueName: 'provision', body: { tenantId: tenant.tenantId } }],
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw RunFailure.changed_meanwhile('The domain has changed meanwhile: look again.')
    throw error
  }
  return run
}

/** The rows of a new run, to be written with whatever else belongs to its beginning. */
export async function beginRun(
  ctx: Ctx,
  tenant: Tenant,
  order: RunOrder,
): Promise<{ readonly run: Run; readonly operations: readonly WriteOperation[]; readonly audit: AuditEntry }> {
  const now = ctx.clock.now()
  const runId = ctx.ids.newId('run')
  const { tenantId, licenseeId } = tenant
  const templateVersion = await versionOf(ctx, tenant, order.kind)
  const names = stepsOf(order.kind, tenant)
  const run: Run = {
    runId,
    tenantId,
    licenseeId,
    kind: order.kind,
    status: 'working',
    steps: [...names],
    startedBy: { type: ctx.actor.type, id: ctx.actor.id },
    startedAt: now,
    version: 1,
    ...(templateVersion === undefined ? {} : { templateVersion }),
    ...(order.reason === undefined ? {} : { reason: order.reason }),
  }
  const after: Tenant = {
    ...tenant,
    runId,
    state: await stateAfter(ctx, tenant, order.kind),
    version: tenant.version + 1,
  }
  const rows = names.map(
    (name, position): StepRow => ({
      runId,
      tenantId,
      position,
      name,
      status: 'todo',
      attempt: 0,
      visits: 0,
      fence: 0,
      whoActs: 'nobody',
      ...(position === 0 ? { nextAt: now } : {}),
    }),
  )
  return {
    run,
    operations: [
      tenantWrite(tenant, after),
      runWrite(undefined, run),
      ...rows.map((row) => stepWrite(ctx, row, 'new')),
    ],
    audit: {
      action: `run.started.${order.kind}`,
      target: { kind: 'tenant', id: tenantId },
      licenseeId,
      tenantId,
      before: tenant,
      after,
      ...(order.reason === undefined ? {} : { reason: order.reason }),
    },
  }
}

async function stateAfter(ctx: Ctx, tenant: Tenant, kind: RunKind): Promise<Tenant['state']> {
  const happened = events[kind]
  const wrong = () => TenantFailure.wrong_state(`This cannot be done with a domain that is ${tenant.state}.`)
  if (happened === undefined) {
    // Data is deleted before the state says so: whether it may be is asked here, not at the end.
    const { retainedUntil = Number.POSITIVE_INFINITY, isLegalHeld = false } = tenant
    const facts: TenantFacts = { isRetentionOver: retainedUntil <= ctx.clock.now(), isLegalHeld }
    if (decideTenant(tenant.state, 'delete', triggerOf(ctx.actor), facts).kind !== 'moved') throw wrong()
    return tenant.state
  }
  const { state: licenceState, isAbuseHeld } = await getLicence(ctx, tenant.licenceId)
  const facts: TenantFacts = { licenceState, isAbuseHeld: isAbuseHeld || tenant.isAbuseHeld }
  const decision = decideTenant(tenant.state, happened, triggerOf(ctx.actor), facts)
  if (decision.kind !== 'moved') throw wrong()
  return decision.to
}

async function versionOf(ctx: Ctx, tenant: Tenant, kind: RunKind): Promise<string | undefined> {
  if (kind === 'update') return tenant.desiredVersion ?? tenant.templateVersion
  if (kind !== 'provision') return tenant.templateVersion
  const version = tenant.desiredVersion ?? (await currentRelease(ctx))?.releaseVersion
  if (version === undefined) throw RunFailure.no_release('There is no release to set the domain up from.')
  return version
}
