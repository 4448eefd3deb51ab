import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import type { DueMark } from '../due.ts'
import { getTenant } from '../tenant/tenant-store.ts'
import { versionedWrite } from '../versioned-write.ts'
import { Domain, DomainFailure, domainKey } from './domain.ts'

/** What is known of the domain of a tenant that the scope may see; throws `tenant.not_found`, `domain.not_found` (nothing was begun). */
export async function readDomain(ctx: Ctx, tenantId: string): Promise<Domain> {
  await getTenant(ctx, tenantId)
  const domain = await findDomain(ctx, tenantId)
  if (domain === undefined) throw DomainFailure.not_found('Nothing was set up for this domain yet.')
  return domain
}

/** For who holds the tenant already. */
export async function findDomain(ctx: Ctx, tenantId: string): Promise<Domain | undefined> {
  const row = await ctx.table.get(domainKey(tenantId))
  return row === undefined ? undefined : Domain.parse(row)
}

/** The write of a domain's row, on condition that nobody wrote it since `before` was read; without `due` nothing is due any more. */
export function domainWrite(before: Domain | undefined, after: Domain, due?: DueMark): WriteOperation {
  const item: TableItem & Domain = { ...domainKey(after.tenantId), ...after, ...due }
  return versionedWrite(before, item)
}
