import type { Ctx } from '#control-plane/core/context.ts'
import type { Domain, DomainRecord } from '#control-plane/core/domain/domain.ts'
import { findClaim } from '#control-plane/core/domain/domain-claim.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { type ExpectedRecord, expectedRecords } from '#control-plane/dns/expected-records.ts'
import type { Observation as Look } from '#control-plane/dns/observation.ts'
import { nextLookAt } from '#control-plane/dns/rhythm.ts'
import { type Settled, settle } from '#control-plane/dns/settle.ts'
import type { Facts } from '../run.ts'

/** Where SES sends from: its own MX and SPF, apart from the domain's. */
export function mailFromDomainOf(tenant: Pick<Tenant, 'domainName'>): string {
  return `bounce.${tenant.domainName}`
}

/** Whoever reads DMARC reports of the domain: the tenant's own server keeps them. */
function reportAddressOf(tenant: Pick<Tenant, 'domainName'>): string {
  return `dmarc@${tenant.domainName}`
}

/** The records that the domain needs, as far as their values are known by now. */
export async function recordsOf(ctx: Ctx, tenant: Tenant, facts: Facts): Promise<readonly ExpectedRecord[]> {
  const { domainName, region } = tenant
  const claim = await findClaim(ctx, domainName)
  // Another tenant's token would prove his claim, not this one's.
  if (claim?.tenantId !== tenant.tenantId) throw new Error(`${domainName} is not claimed for this tenant`)
  const { validationName, validationValue, regionalDomainName, dkimTokens = '' } = facts
  const isManual = tenant.dnsMode === 'manual'
  return expectedRecords({
    domainName,
    region,
    claimToken: claim.token,
    dkimTokens: dkimTokens.split(' ').filter((token) => token !== ''),
    mailFromDomainName: mailFromDomainOf(tenant),
    reportAddress: reportAddressOf(tenant),
    ...(validationName === undefined || validationValue === undefined
      ? {}
      : { certificateValidation: { name: validationName, value: validationValue } }),
    // In a zone of ours the stack itself makes alias records of its hosts.
    ...(isManual && regionalDomainName !== undefined
      ? { webTarget: { type: 'CNAME' as const, value: regionalDomainName } }
      : {}),
  })
}

/** What the domain's row becomes by a look: a green record turns red only after some misses (`dns/settle.ts`). */
export function lookedAt(domain: Domain, looks: readonly Look[], now: number): Partial<Domain> {
  const known = new Map(domain.records.map((record) => [record.key, record]))
  for (const look of looks) known.set(look.key, recordOf(settle(settledOf(known.get(look.key)), look, now)))
  return { records: [...known.values()], lastLookAt: now, looks: domain.looks + 1 }
}

function recordOf({ state, since, observation, observedAt, misses, firstMissAt }: Settled): DomainRecord {
  const { key, name, type, code, expected, found, sentence, whoActs, ttlSeconds } = observation
  return {
    key,
    name,
    type,
    state,
    code,
    expected: [...expected],
    found: [...found],
    sentence,
    whoActs,
    since,
    observedAt,
    misses,
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    ...(firstMissAt === undefined ? {} : { firstMissAt }),
  }
}

function settledOf(record: DomainRecord | undefined): Settled | undefined {
  if (record === undefined) return undefined
  const { key, state, since, observedAt, misses, firstMissAt, ttlSeconds } = record
  const { name, code, expected, found, sentence, whoActs } = record
  const type = typeOf(record.type)
  return {
    key,
    state,
    since,
    observedAt,
    misses,
    ...(firstMissAt === undefined ? {} : { firstMissAt }),
    observation: {
      key,
      name,
      type,
      state,
      code,
      expected,
      found,
      sentence,
      whoActs,
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    },
  }
}

function typeOf(text: string): Look['type'] {
  const known = (['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'MX', 'NS', 'SOA', 'TXT'] as const).find((type) => type === text)
  if (known === undefined) throw new Error(`${text} is no type of a record that is looked at`)
  return known
}

/** When a person's change is looked for again: often at first, daily in the end (`dns/rhythm.ts`). */
export function nextLook(ctx: Ctx, domain: Domain, since: number, looks: number): number {
  const now = ctx.clock.now()
  return nextLookAt({
    attempt: looks,
    startedAt: Math.max(since, domain.lookingSince),
    now,
    isLive: false,
    random: ctx.random,
  })
}
