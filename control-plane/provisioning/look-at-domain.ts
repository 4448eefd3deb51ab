import type { AuditEntry } from '#control-plane/core/audit/audit.ts'
import { commit } from '#control-plane/core/commit.ts'
import { planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import type { Domain, DomainRecord } from '#control-plane/core/domain/domain.ts'
import { holdsClaim } from '#control-plane/core/domain/domain-claim.ts'
import { type DomainEvent, decideDomain } from '#control-plane/core/domain/domain-machine.ts'
import { domainWrite, findDomain } from '#control-plane/core/domain/domain-store.ts'
import { markDue } from '#control-plane/core/due.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { decideTenant } from '#control-plane/core/tenant/tenant-machine.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import type { Observation as Look } from '#control-plane/dns/observation.ts'
import { observeDelegation } from '#control-plane/dns/observe-delegation.ts'
import { observeRecords } from '#control-plane/dns/observe-records.ts'
import { nextLookAt } from '#control-plane/dns/rhythm.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { ProvisioningCtx } from './context.ts'
import { lookAtResources, mailsOfResources, nextResourceLook } from './look-at-resources.ts'
import { mailsOfDomain } from './move-mails.ts'
import { wantInstead } from './retire-tenant.ts'
import { loadRun } from './run-store.ts'
import { startRun } from './start-run.ts'
import { lookedAt, recordsOf } from './steps/domain-records.ts'
import { suspendTenant } from './suspend-tenant.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NAME_LOST = 'The domain was proven by another.'
/** A miss is looked at again this soon, so that three of them over half an hour can be told from a lapse of a day. */
const AFTER_MISS_MILLISECONDS = 12 * MINUTE
/** So long is a domain that went wrong only drifted: its owner may be moving it. Afterwards it is lost, and nothing is sent in its name. */
const DRIFTED_MILLISECONDS = 3 * DAY

/** What must be so of a domain that is delegated, and of one whose records the licensee keeps. Others are shown and move nothing. */
const NEEDED = { delegated: /^(delegation|cname|ds)$/, manual: /^(claim|inbound_mx|mail_from_.*|dkim_.*)$/ } as const

/** What the looks so far make of a domain that was verified once. */
export function decideDrift(
  domain: Pick<Domain, 'state'>,
  needed: readonly Pick<DomainRecord, 'state' | 'since'>[],
  now: number,
): DomainEvent | undefined {
  const wrong = needed.filter(({ state }) => state === 'wrong' || state === 'waiting')
  const isGood = needed.length > 0 && needed.every(({ state }) => state === 'ok')
  if (isGood) return domain.state === 'drifted' || domain.state === 'lost' ? 'came_back' : undefined
  if (wrong.length === 0) return undefined
  if (domain.state === 'verified') return 'went_wrong'
  const since = Math.min(...wrong.map((record) => record.since))
  return domain.state === 'drifted' && now - since >= DRIFTED_MILLISECONDS ? 'given_up' : undefined
}

/**
 * The daily look at a domain that is in use, and the end of keeping for one that is retired. A record turns red only after three misses over
 * half an hour; a domain that stays wrong is drifted, then lost: nothing is sent in its name any more, its data stays locked.
 */
export async function lookAtDomain(whole: ProvisioningCtx, { tenantId }: { readonly tenantId: string }): Promise<void> {
  const ctx: ProvisioningCtx = { ...whole, actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }
  const tenant = await getTenant(ctx, tenantId)
  const domain = await findDomain(ctx, tenantId)
  if (domain === undefined || tenant.state === 'deleted') return
  try {
    // Other runs look for themselves; an update does not, and may be stuck for days.
    const isLooking = tenant.runId === undefined || (tenant.state === 'updating' && (await holdsClaim(ctx, tenant)))
    if (!isLooking) await putOff(ctx, tenant, domain, tenant.runId ?? '')
    else if (tenant.state === 'retained') await endKeeping(ctx, tenant, domain)
    else if (await holdsClaim(ctx, tenant)) await look(ctx, tenant, domain)
    else await lose(ctx, tenant, domain)
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    // Another look was quicker; the mark that is left tells us again.
    ctx.log.info({ at: 'look_at_domain.overtaken', tenantId })
  }
}

/** What is being done for a name that is another's now is ended: it would hold what the other needs. */
async function putOff(ctx: ProvisioningCtx, tenant: Tenant, domain: Domain, runId: string): Promise<void> {
  await put(ctx, domain, domain, ctx.clock.now() + HOUR)
  if (await holdsClaim(ctx, tenant)) return
  const { run } = await loadRun(ctx, tenant.tenantId, runId)
  const isGoing = ['unbind', 'retire', 'delete'].includes(run.wantedInstead?.kind ?? run.kind)
  if (isGoing || run.status !== 'working') return
  await begin(ctx, tenant.tenantId, () => wantInstead(ctx, run, { kind: 'unbind', reason: NAME_LOST }))
}

async function endKeeping(ctx: ProvisioningCtx, tenant: Tenant, domain: Domain): Promise<void> {
  const { tenantId, retainedUntil = 0, isLegalHeld = false } = tenant
  const now = ctx.clock.now()
  if (now < retainedUntil) return put(ctx, domain, domain, retainedUntil)
  await put(ctx, domain, domain, now + DAY)
  const reason = 'The time of keeping is over.'
  if (!isLegalHeld) await begin(ctx, tenantId, () => startRun(ctx, { tenantId, kind: 'delete', reason }))
}

async function look(ctx: ProvisioningCtx, tenant: Tenant, domain: Domain): Promise<void> {
  const now = ctx.clock.now()
  const seen: Domain = { ...domain, ...lookedAt(domain, await looksAt(ctx, tenant, domain), now) }
  const needed = seen.records.filter(({ key }) => NEEDED[tenant.dnsMode].test(key))
  const happened = decideDrift(domain, needed, now)
  const moved = happened === undefined ? undefined : decideDomain(domain.state, happened, { isClaimProven: true })
  const state = moved?.kind === 'moved' ? moved.to : domain.state
  const isOpen = needed.some(({ state: record, misses }) => record !== 'ok' || misses > 0)
  // What DNS does not say any more the cloud takes back as well: one piece of news for one cause.
  const standings = isOpen ? undefined : await lookAtResources(ctx, tenant, domain)
  const after: Domain = { ...seen, ...(standings === undefined ? {} : { resources: [...standings] }) }
  const dueAt = isOpen
    ? now + AFTER_MISS_MILLISECONDS
    : (nextResourceLook(after.resources ?? [], now) ?? nextDaily(ctx, domain))
  const follow = tenantFollows(ctx, tenant, state, domain.state)
  await put(ctx, domain, { ...after, state }, dueAt, follow)
  // At each look: whoever found it lost may have died here, or another run was in the way.
  if (state === 'lost') await suspend(ctx, follow.tenant, 'The domain does not point at us any more.')
}

/** The name is not claimed for this tenant any more: whatever DNS says, it is lost, and nothing of it holds the name any more. */
async function lose(ctx: ProvisioningCtx, tenant: Tenant, domain: Domain): Promise<void> {
  const state = (['went_wrong', 'given_up'] as const).reduce((from, happened) => {
    const decision = decideDomain(from, happened, {})
    return decision.kind === 'moved' ? decision.to : from
  }, domain.state)
  const follow = tenantFollows(ctx, tenant, state, domain.state)
  // The contest has told the licensee already.
  await put(ctx, domain, { ...domain, state }, nextDaily(ctx, domain), { ...follow, isTold: true })
  if (tenant.unboundAt !== undefined) return
  const canUnbind = decideTenant(follow.tenant.state, 'unbind', 'system', {}).kind === 'moved'
  const { tenantId } = tenant
  if (canUnbind) await begin(ctx, tenantId, () => startRun(ctx, { tenantId, kind: 'unbind', reason: NAME_LOST }))
}

async function suspend(ctx: ProvisioningCtx, { state, tenantId }: Tenant, reason: string): Promise<void> {
  const canSuspend = decideTenant(state, 'suspend', 'system', {}).kind === 'moved'
  if (canSuspend) await begin(ctx, tenantId, () => suspendTenant(ctx, { tenantId, reason }))
}

function nextDaily({ clock, random }: ProvisioningCtx, domain: Domain): number {
  return nextLookAt({ attempt: domain.looks, startedAt: domain.lookingSince, now: clock.now(), isLive: true, random })
}

async function looksAt(ctx: ProvisioningCtx, tenant: Tenant, domain: Domain): Promise<readonly Look[]> {
  if (tenant.dnsMode === 'manual') return observeRecords(ctx.dns, await recordsOf(ctx, tenant, tenant.resources))
  const { observations } = await observeDelegation(ctx.dns, {
    domainName: tenant.domainName,
    expectedNameServers: domain.nameServers,
  })
  return observations
}

type Follow = {
  readonly tenant: Tenant
  readonly operations: readonly WriteOperation[]
  readonly audit: readonly AuditEntry[]
  readonly isBack: boolean
  /** The licensee knows from elsewhere. */
  readonly isTold?: true
}

/** The tenant is degraded while its domain is not what it should be. */
function tenantFollows(ctx: ProvisioningCtx, tenant: Tenant, state: Domain['state'], was: Domain['state']): Follow {
  const none: Follow = { tenant, operations: [], audit: [], isBack: state === 'verified' && was !== 'verified' }
  if (state === was) return none
  const decision = decideTenant(tenant.state, state === 'verified' ? 'fault_gone' : 'fault_seen', 'system', {})
  if (decision.kind !== 'moved') return none
  const { tenantId, licenseeId } = tenant
  const after: Tenant = { ...tenant, state: decision.to, version: tenant.version + 1 }
  ctx.log.warn({ at: 'look_at_domain.moved', tenantId, state })
  return {
    ...none,
    tenant: after,
    operations: [tenantWrite(tenant, after)],
    audit: [
      {
        action: `tenant.${after.state}`,
        target: { kind: 'tenant', id: tenantId },
        licenseeId,
        tenantId,
        before: tenant,
        after,
        reason: `domain ${state}`,
      },
    ],
  }
}

async function put(ctx: ProvisioningCtx, before: Domain, after: Domain, dueAt: number, follow?: Follow): Promise<void> {
  const { tenantId } = before
  const due = markDue(ctx, { rowName: `domain/${tenantId}`, dueAt, queueName: 'domain-due', body: { tenantId } })
  const isBack = follow?.isBack === true
  const news =
    follow === undefined || follow.isTold === true
      ? []
      : [
          ...(await mailsOfDomain(ctx, { tenant: follow.tenant, before, after })),
          ...mailsOfResources(ctx, follow.tenant, before.resources ?? [], after.resources ?? []),
        ]
  const mails = await planControlMails(ctx, news)
  await commit(ctx, {
    operations: [
      domainWrite(before, { ...after, version: before.version + 1 }, due),
      ...(follow?.operations ?? []),
      ...mails.operations,
    ],
    audit: follow?.audit ?? [],
    // A tenant that was suspended for its domain resumes by what its licence says.
    notices: [
      ...(isBack && follow !== undefined
        ? [{ queueName: 'licence-changed', body: { licenceId: follow.tenant.licenceId } } as const]
        : []),
      ...mails.notices,
    ],
  })
}

async function begin(ctx: ProvisioningCtx, tenantId: string, start: () => Promise<unknown>): Promise<void> {
  try {
    await start()
  } catch (error) {
    if (!isFailure(error, 'run.not_settled') && !isFailure(error, 'run.changed_meanwhile')) throw error
    ctx.log.info({ at: 'look_at_domain.later', tenantId })
  }
}
