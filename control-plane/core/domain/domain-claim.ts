import * as z from 'zod'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** Who holds a domain name: one row for each name, whoever comes second finds it. */
export const DomainClaim = z.object({
  domainName: z.string(),
  /** Where the claim is listed with those of its parents and children: the list of public suffixes may change meanwhile. */
  registrableName: z.string(),
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

/** The claim of a name, whoever holds it. */
export async function findClaim(ctx: Ctx, domainName: string): Promise<DomainClaim | undefined> {
  const row = await ctx.table.get(domainClaimKey(domainName))
  return row === undefined ? undefined : DomainClaim.parse(row)
}

/** Whether the name is claimed for this very tenant: what DNS says of it is nothing to whoever has lost it. */
export async function holdsClaim(
  ctx: Ctx,
  tenant: { readonly tenantId: string; readonly domainName: string },
): Promise<boolean> {
  return (await findClaim(ctx, tenant.domainName))?.tenantId === tenant.tenantId
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
