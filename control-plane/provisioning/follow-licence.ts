import { commit } from '#control-plane/core/commit.ts'
import type { Domain } from '#control-plane/core/domain/domain.ts'
import { holdsClaim } from '#control-plane/core/domain/domain-claim.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { issueLicenceFile } from '#control-plane/core/licence/issue-licence-file.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { keepLicenceFile } from '#control-plane/core/licence/licence-file-store.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { decideTenant } from '#control-plane/core/tenant/tenant-machine.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { LICENCE_FILE_KEY, type LicenceFile, WORKING_STATES } from '#shared/contracts/licence-file.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { takeToken } from './budget.ts'
import { wakeStep } from './check-now.ts'
import type { ProvisioningCtx } from './context.ts'
import { retireTenant } from './retire-tenant.ts'
import type { RunKind } from './run.ts'
import { siteOf } from './site.ts'
import { startRun } from './start-run.ts'
import { suspendTenant } from './suspend-tenant.ts'

/** States of a licence in which the domain is served, but nothing leaves it. */
const STOPPED_STATES: readonly Licence['state'][] = ['suspended', 'refunded']

/** What a tenant has to do about its licence: a run, becoming paid, or nothing (now). */
export function decideFollow(
  licence: Pick<Licence, 'state' | 'isAbuseHeld'>,
  tenant: Pick<Tenant, 'state' | 'runId' | 'isAbuseHeld'>,
  domain: Pick<Domain, 'state'> | undefined,
): RunKind | 'become_paid' | 'none' {
  const { state } = tenant
  const isHeld = licence.isAbuseHeld || tenant.isAbuseHeld
  const isWorking = WORKING_STATES.includes(licence.state) && !isHeld
  const isOver = licence.state === 'expired'
  const canRetire = decideTenant(state, 'retire', 'system', {}).kind === 'moved'
  if (isOver) return canRetire && state !== 'registered' ? 'retire' : 'none'
  const isStopped = STOPPED_STATES.includes(licence.state) || isHeld
  const canSuspend = decideTenant(state, 'suspend', 'system', {}).kind === 'moved'
  // Not behind a run that may be stuck: nothing is to be sent from now on.
  if (isStopped && canSuspend) return 'suspend'
  // The end of the run that goes on is a notice of its own.
  if (tenant.runId !== undefined) return 'none'
  if (isWorking && state === 'registered') return 'become_paid'
  if (isWorking && state === 'paid') return 'provision'
  if (isWorking && state === 'suspended') return domain?.state === 'lost' ? 'none' : 'resume'
  return 'none'
}

/**
 * Brings a tenant to what its licence says: set up once it is paid, suspended, resumed, retired; and has its licence file written anew.
 * Safe to run twice, late, and beside its twin: every beginning asks for the state that it was decided from.
 */
export async function followLicence(
  whole: ProvisioningCtx,
  { licenceId }: { readonly licenceId: string },
): Promise<void> {
  const ctx: ProvisioningCtx = { ...whole, actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }
  const licence = await getLicence(ctx, licenceId)
  const { tenantId } = licence
  await follow(ctx, licence)
  await writeLicenceFile(ctx, { tenantId })
}

async function follow(ctx: ProvisioningCtx, licence: Licence): Promise<void> {
  const { tenantId } = licence
  const tenant = await getTenant(ctx, tenantId)
  const decision = decideFollow(licence, tenant, await findDomain(ctx, tenantId))
  // What was set up for a name that is another's now does not come back.
  if (decision === 'resume' && !(await holdsClaim(ctx, tenant))) return
  if (decision === 'none') {
    if (tenant.runId !== undefined) await wakeStep(ctx, tenantId, tenant.runId, 'licence')
    return
  }
  try {
    if (decision === 'retire') await retireTenant(ctx, { tenantId, reason: `The licence is ${licence.state}.` })
    else if (decision === 'suspend') await suspendTenant(ctx, { tenantId, reason: `The licence is ${licence.state}.` })
    else if (decision === 'become_paid') await becomePaid(ctx, tenant, licence)
    else await startRun(ctx, { tenantId, kind: decision, reason: `The licence is ${licence.state}.` })
  } catch (error) {
    // Its twin was quicker, or the tenant has moved on: whatever it is in now sends a notice at its end.
    if (!isOvertaken(error)) throw error
    ctx.log.info({ at: 'follow_licence.overtaken', tenantId, decision })
  }
}

function isOvertaken(error: unknown): boolean {
  return (
    isFailure(error) &&
    ['run.changed_meanwhile', 'run.not_settled', 'tenant.wrong_state', 'table.condition_failed'].includes(error.code)
  )
}

async function becomePaid(ctx: ProvisioningCtx, tenant: Tenant, licence: Licence): Promise<void> {
  const decision = decideTenant(tenant.state, 'licence_paid', 'system', { licenceState: licence.state })
  if (decision.kind !== 'moved') return
  const { tenantId, licenseeId } = tenant
  const after: Tenant = { ...tenant, state: decision.to, version: tenant.version + 1 }
  await commit(ctx, {
    operations: [tenantWrite(tenant, after)],
    audit: {
      action: 'tenant.paid',
      target: { kind: 'tenant', id: tenantId },
      licenseeId,
      tenantId,
      before: tenant,
      after,
    },
    notices: [{ queueName: 'licence-changed', body: { licenceId: licence.licenceId } }],
  })
  await follow(ctx, licence)
}

/** Whoever reads the licence last writes last: read anew after the write, until nothing came between. */
const WRITES_MAX = 3

/** Signs the licence file anew and keeps it; writes it for a tenant that has a bucket: daily too, so that its stack knows we are alive. */
export async function writeLicenceFile(
  ctx: ProvisioningCtx,
  { tenantId }: { readonly tenantId: string },
): Promise<'written' | 'no_bucket'> {
  const tenant = await getTenant(ctx, tenantId)
  const { bucketName } = tenant.resources
  const hasBucket = bucketName !== undefined && tenant.state !== 'retained' && tenant.state !== 'deleted'
  const put = hasBucket ? await putting(ctx, tenant, bucketName) : undefined
  for (let writes = 0; writes < WRITES_MAX; writes += 1) {
    const licence = await getLicence(ctx, tenant.licenceId)
    const file = issueLicenceFile(ctx, licence)
    await keepLicenceFile(ctx, licence, file)
    await put?.(file)
    if ((await getLicence(ctx, tenant.licenceId)).version === licence.version) break
  }
  return hasBucket ? 'written' : 'no_bucket'
}

async function putting(ctx: ProvisioningCtx, tenant: Tenant, bucketName: string) {
  const { place } = await siteOf(ctx, tenant)
  return async (file: LicenceFile) => {
    const bytes = new TextEncoder().encode(JSON.stringify(file))
    await takeToken(ctx, 's3', place)
    const { tenantFiles } = ctx.cloud.at(place)
    try {
      await tenantFiles.put({ bucketName, key: LICENCE_FILE_KEY, bytes, contentType: 'application/json' })
    } catch (error) {
      // A customer who has revoked our role gets no file: his stack stops by itself when the last one is too old.
      if (tenant.placement !== 'customer' || !isFailure(error, 'cloud.denied')) throw error
      ctx.log.metric({ at: 'follow_licence.denied', tenantId: tenant.tenantId })
    }
  }
}
