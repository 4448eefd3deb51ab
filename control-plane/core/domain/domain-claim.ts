import * as z from 'zod'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'

/** Who holds a domain name: one row for each name, whoever comes second finds it. */
export const DomainClaim = z.object({
  domainName: z.string(),
  tenantId: z.string(),
  licenseeId: z.string(),
  /** Shown in a TXT record by whoever controls the name. */
  token: z.string(),
  claimedAt: z.number(),
})
export type DomainClaim = z.infer<typeof DomainClaim>

export function domainClaimKey(domainName: string): TableKey {
  return { pk: `domain#${domainName}`, sk: 'claim' }
}

/** Fails with `table.condition_failed` when the name has a claim already. */
export function domainClaimWrite(claim: DomainClaim): WriteOperation {
  return { kind: 'put', item: { ...domainClaimKey(claim.domainName), ...claim }, when: { row: 'absent' } }
}

/** Gives the name back; only the tenant's own claim. */
export function domainClaimDelete(domainName: string, tenantId: string): WriteOperation {
  return {
    kind: 'delete',
    key: domainClaimKey(domainName),
    when: { attribute: 'tenantId', is: '=', value: tenantId },
  }
}
