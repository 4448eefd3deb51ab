import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type DomainClaim, domainClaimKey, domainClaimWrite } from '../domain/domain-claim.ts'
import type { Licence } from '../licence/licence.ts'
import { licenceOwnerWrite, licenceWrite } from '../licence/licence-store.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import { type Placement, type Tenant, TenantFailure } from './tenant.ts'
import { tenantOwnerWrite, tenantWrite } from './tenant-store.ts'

/** What is sold: support and analytics are included, and so are any number of organizers. */
const ENTITLEMENTS = { support: true, analytics: true } as const
/** Product decision: invites of one event, when nothing else was agreed. */
const INVITES_PER_EVENT = 2500

/**
 * Claims a domain for a licensee and drafts what it takes: the tenant and its licence, all or nothing. `domainName` is in its A-label
 * form and was judged before. Throws `tenant.domain_taken`, `licensee.not_found`.
 */
export async function registerTenant(
  ctx: Ctx,
  input: {
    readonly licenseeId: string
    readonly domainName: string
    readonly placement: Placement
    readonly dnsMode: Tenant['dnsMode']
    readonly region: string
  },
): Promise<{ readonly tenant: Tenant; readonly licence: Licence; readonly claim: DomainClaim }> {
  const { licenseeId } = await getLicensee(ctx, input.licenseeId)
  const now = ctx.clock.now()
  const tenant: Tenant = {
    tenantId: ctx.ids.newId('ten'),
    licenseeId,
    licenceId: ctx.ids.newId('lic'),
    domainName: input.domainName,
    state: 'registered',
    placement: input.placement,
    dnsMode: input.dnsMode,
    region: input.region,
    resources: {},
    isAbuseHeld: false,
    createdAt: now,
    version: 1,
  }
  const { tenantId, licenceId, domainName } = tenant
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
  const claim: DomainClaim = { domainName, tenantId, licenseeId, token: ctx.ids.newToken(), claimedAt: now }
  await refuseTaken(ctx, domainName)
  try {
    await commit(ctx, {
      operations: [
        domainClaimWrite(claim),
        tenantWrite(undefined, tenant),
        tenantOwnerWrite(tenant),
        licenceWrite(undefined, licence),
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
  } catch (error) {
    // Somebody claimed it between the look and the write.
    if (isFailure(error, 'table.condition_failed')) throw taken(domainName)
    throw error
  }
  return { tenant, licence, claim }
}

async function refuseTaken(ctx: Ctx, domainName: string): Promise<void> {
  if ((await ctx.table.get(domainClaimKey(domainName))) !== undefined) throw taken(domainName)
}

function taken(domainName: string): Error {
  return TenantFailure.domain_taken(
    `${domainName} is claimed already. Whoever controls it can prove so and contest the claim.`,
  )
}
