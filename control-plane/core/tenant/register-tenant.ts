import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { tokenNotBefore } from '../domain/claim-ask.ts'
import { findProof, type ProofRow } from '../domain/claim-proof.ts'
import {
  CLAIMS_BELOW_A_NAME_MAX,
  type ClaimRegistry,
  claimWrites,
  readClaimRegistry,
} from '../domain/claim-registry.ts'
import { decideByRegistry } from '../domain/claim-standing.ts'
import { openContest } from '../domain/contest-open.ts'
import { findContest } from '../domain/contest-row.ts'
import { type ClaimDecision, isBelow } from '../domain/decide-claim.ts'
import type { DomainClaim } from '../domain/domain-claim.ts'
import { warnsAtOf } from '../licence/calendar.ts'
import type { Licence } from '../licence/licence.ts'
import { licenceOwnerWrite, licenceWrite } from '../licence/licence-store.ts'
import { licenceDue } from '../licence/move-licence.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import { type Placement, type Tenant, TenantFailure } from './tenant.ts'
import { tenantOwnerWrite, tenantWrite } from './tenant-store.ts'

/** What is sold: support and analytics are included, and so are any number of organizers. */
const ENTITLEMENTS = { support: true, analytics: true } as const
/** Product decision: invites of one event, when nothing else was agreed. */
const INVITES_PER_EVENT = 2500
/** Claims of one registrable name at the same moment; whoever loses so often tries again later. */
const TRIES_MAX = 6
const DAY = 24 * 3600_000

export type NewTenant = {
  readonly licenseeId: string
  /** A-labels, judged before by `readDomainName`, as is `registrableName`: the name itself, or the one above it that is registered. */
  readonly domainName: string
  readonly registrableName: string
  readonly placement: Placement
  readonly dnsMode: Tenant['dnsMode']
  readonly region: string
}

export type Registered = { readonly tenant: Tenant; readonly licence: Licence; readonly claim: DomainClaim }

/**
 * Claims a domain for a licensee and drafts what it takes: the tenant and its licence, all or nothing. A name that another holds is
 * contested instead, if the licensee has proven it. Throws `licensee.not_found`, `tenant.domain_taken` (it is his already),
 * `tenant.proof_needed`, `tenant.contested`, `tenant.changed_meanwhile`.
 */
export async function registerTenant(ctx: Ctx, input: NewTenant): Promise<Registered> {
  const { domainName, registrableName } = input
  if (domainName !== registrableName && !isBelow(domainName, registrableName))
    throw new Error(`${domainName} does not lie below ${registrableName}`)
  const { licenseeId } = await getLicensee(ctx, input.licenseeId)
  const drafts = draftsOf(ctx, { ...input, licenseeId })
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    try {
      return await registerOnce(ctx, drafts)
    } catch (error) {
      // Somebody claimed a name of the same registrable name meanwhile: it is decided anew, knowing his claim.
      if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    }
  }
  throw TenantFailure.changed_meanwhile(`Others are claiming names of ${registrableName} right now: try again.`)
}

async function registerOnce(ctx: Ctx, drafts: Registered): Promise<Registered> {
  const { claim } = drafts
  const { domainName, licenseeId, tenantId } = claim
  const now = ctx.clock.now()
  const [registry, proof] = await Promise.all([
    readClaimRegistry(ctx, claim.registrableName),
    usableProof(ctx, licenseeId, domainName),
  ])
  const decision = decideByRegistry({ domainName, asker: { licenseeId, tenantId }, registry, proof, now })
  switch (decision.kind) {
    case 'claim':
      await write(ctx, drafts, registry)
      return drafts
    case 'yours':
      // Its own write, whose answer was lost.
      return drafts
    case 'yours_elsewhere':
      throw TenantFailure.domain_taken(`${domainName} is yours already: it belongs to tenant ${decision.tenantId}.`)
    case 'needs_proof':
      throw TenantFailure.proof_needed(wordsOf(domainName, decision.because))
    case 'contest':
      return contest(ctx, domainName, proof, decision)
  }
}

/** What was shown in a contest that is over proves nothing in the next. */
async function usableProof(ctx: Ctx, licenseeId: string, domainName: string): Promise<ProofRow | undefined> {
  const [proof, last] = await Promise.all([findProof(ctx, licenseeId, domainName), findContest(ctx, domainName)])
  return proof !== undefined && proof.issuedAt >= tokenNotBefore(last, licenseeId) ? proof : undefined
}

async function contest(
  ctx: Ctx,
  domainName: string,
  proof: ProofRow | undefined,
  decision: Extract<ClaimDecision, { readonly kind: 'contest' }>,
): Promise<never> {
  if (proof === undefined) throw new Error(`${domainName} is contested without a proof`)
  const { against, unbindAt } = decision
  const last = await findContest(ctx, domainName)
  // A token has to be valid until the end of the contest; one that has been looked at for a while may end in it.
  if (last?.state !== 'open' && proof.endsAt < unbindAt + DAY)
    throw TenantFailure.proof_needed(
      `The proof token of ${domainName} ends too soon: ask for a new one (POST /v1/claims).`,
    )
  const opened = await openContest(ctx, { proof, against, unbindAt })
  if (opened.kind === 'taken_up')
    throw TenantFailure.contested(`Somebody else contests ${domainName} right now: try again when that is over.`)
  const until = new Date(opened.contest.unbindAt).toISOString()
  throw TenantFailure.contested(
    `${domainName} is claimed by another customer, who was asked whether it is still theirs. Leave your TXT record where it is and claim again after ${until}.`,
  )
}

function wordsOf(domainName: string, because: 'name_claimed' | 'parent_claimed' | 'child_claimed'): string {
  const how = 'ask for a proof token (POST /v1/claims), enter the TXT records that the answer names, and claim again.'
  switch (because) {
    case 'name_claimed':
      return `${domainName} is claimed by another customer. If it is yours, ${how} The other is then asked, and loses it unless they prove it too.`
    case 'parent_claimed':
      return `A name above ${domainName} is claimed by another customer. If both names are yours, ${how}`
    case 'child_claimed':
      return `A name below ${domainName} is claimed by another customer. If both names are yours, ${how}`
  }
}

async function write(ctx: Ctx, { tenant, licence, claim }: Registered, registry: ClaimRegistry): Promise<void> {
  if (registry.claims.length >= CLAIMS_BELOW_A_NAME_MAX)
    throw TenantFailure.too_many_names(`No more names below ${registry.registrableName} can be claimed.`)
  const { licenseeId, tenantId } = tenant
  await commit(ctx, {
    operations: [
      ...claimWrites(registry, claim),
      tenantWrite(undefined, tenant),
      tenantOwnerWrite(tenant),
      licenceWrite(undefined, licence, licenceDue(ctx, licence.licenceId, warnsAtOf(licence))),
      licenceOwnerWrite(licence),
    ],
    audit: {
      action: 'domain.claimed',
      target: { kind: 'tenant', id: tenantId },
      licenseeId,
      tenantId,
      after: { tenant, licence },
    },
  })
}

function draftsOf(ctx: Ctx, input: NewTenant): Registered {
  const now = ctx.clock.now()
  const { licenseeId, domainName, registrableName } = input
  const tenantId = ctx.ids.newId('ten')
  const licenceId = ctx.ids.newId('lic')
  const tenant: Tenant = {
    tenantId,
    licenseeId,
    licenceId,
    domainName,
    state: 'registered',
    placement: input.placement,
    dnsMode: input.dnsMode,
    region: input.region,
    resources: {},
    isAbuseHeld: false,
    createdAt: now,
    version: 1,
  }
  const licence: Licence = {
    licenceId,
    licenseeId,
    tenantId,
    domainName,
    state: 'draft',
    billing: 'checkout',
    entitlements: ENTITLEMENTS,
    limits: { invitesPerEvent: INVITES_PER_EVENT },
    isCancelScheduled: false,
    isAbuseHeld: false,
    checkoutCount: 0,
    createdAt: now,
    version: 1,
  }
  const claim: DomainClaim = {
    domainName,
    registrableName,
    tenantId,
    licenseeId,
    token: ctx.ids.newToken(),
    claimedAt: now,
  }
  return { tenant, licence, claim }
}
