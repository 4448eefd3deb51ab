import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'

export const DOMAIN_STATES = [
  'claimed',
  'delegated',
  'zone_ok',
  'dkim_pending',
  'mailfrom_pending',
  'cert_pending',
  'verified',
  'drifted',
  'lost',
  'released',
] as const
export type DomainState = (typeof DOMAIN_STATES)[number]

const RecordStanding = z.enum(['unknown', 'waiting', 'ok', 'wrong', 'cannot_check'])

/** One thing that DNS has to say of the domain: what is expected, what was found, and who has to do something about it. */
export const DomainRecord = z.object({
  /** `delegation`, `inbound_mx`, `dkim_1`, … */
  key: z.string(),
  name: z.string(),
  type: z.string(),
  state: RecordStanding,
  code: z.string(),
  expected: z.array(z.string()),
  found: z.array(z.string()),
  sentence: z.string(),
  whoActs: z.enum(['nobody', 'licensee', 'vendor']),
  ttlSeconds: z.number().exactOptional(),
  since: z.number(),
  observedAt: z.number(),
  misses: z.number(),
  firstMissAt: z.number().exactOptional(),
})
export type DomainRecord = z.infer<typeof DomainRecord>

/** What the engine made outside of the tenant's stack, as it was found by the last look. */
export const ResourceStanding = z.object({
  key: z.enum(['role', 'zone', 'identity', 'certificate']),
  state: z.enum(['ok', 'wrong', 'cannot_check']),
  found: z.string(),
  /** Since when `state` holds. */
  since: z.number(),
  observedAt: z.number(),
  /** Looks in a row that found it otherwise than it was made. */
  misses: z.number(),
})
export type ResourceStanding = z.infer<typeof ResourceStanding>

/** What its licensee has to enter or to change. */
export function isToBeMended({ state, whoActs }: DomainRecord): boolean {
  return whoActs === 'licensee' && (state === 'wrong' || state === 'waiting')
}

/** What is known of a tenant's domain. Times are epoch milliseconds. */
export const Domain = z.object({
  tenantId: z.string(),
  licenseeId: z.string(),
  domainName: z.string(),
  state: z.enum(DOMAIN_STATES),
  /** Of our zone: what the parent has to name. */
  nameServers: z.array(z.string()),
  records: z.array(DomainRecord),
  /** Of a domain that is in use. */
  resources: z.array(ResourceStanding).exactOptional(),
  /** Of the wait that is going on: the rhythm of looks follows its age. */
  lookingSince: z.number(),
  looks: z.number(),
  lastLookAt: z.number().exactOptional(),
  createdAt: z.number(),
  version: z.number(),
})
export type Domain = z.infer<typeof Domain>

export const DomainFailure = defineFailures('domain', {
  not_found: { status: 404, retry: false },
})

/** Lies beside the tenant's runs. */
export function domainKey(tenantId: string): TableKey {
  return { pk: `tenant#${tenantId}`, sk: 'domain' }
}
