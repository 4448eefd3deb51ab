import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import type { DueMark } from '../due.ts'
import { licenseePartition } from '../licensee/licensee.ts'
import { getOwnedRow } from '../owned-row.ts'
import { sortableTime } from '../sortable-time.ts'
import { versionedWrite } from '../versioned-write.ts'
import { Tenant, TenantFailure } from './tenant.ts'
import { tenantKey, tenantOwnerKey } from './tenant-key.ts'

/** Listing of all tenants, newest first when read descending. */
export const TENANTS = 'tenants'

type Page = { readonly tenants: readonly Tenant[]; readonly next?: string }
type PageQuery = { readonly limit: number; readonly after?: string }

/** A tenant that the scope may see; throws `tenant.not_found` for every other, whether it exists or not. */
export async function getTenant(ctx: Ctx, tenantId: string): Promise<Tenant> {
  const tenant = await findTenant(ctx, tenantId)
  if (tenant === undefined) throw TenantFailure.not_found('There is no such tenant.')
  return tenant
}

export async function findTenant(ctx: Ctx, tenantId: string): Promise<Tenant | undefined> {
  const row = await getOwnedRow(ctx, {
    owner: tenantOwnerKey(tenantId),
    of: (licenseeId) => tenantKey(licenseeId, tenantId),
  })
  return row && Tenant.parse(row)
}

/** The write of a tenant's row, on condition that nobody wrote it since `before` was read; without `due` nothing is due any more. */
export function tenantWrite(before: Tenant | undefined, after: Tenant, due?: DueMark): WriteOperation {
  const item: TableItem & Tenant = {
    ...tenantKey(after.licenseeId, after.tenantId),
    gsi2pk: TENANTS,
    gsi2sk: `${sortableTime(after.createdAt)}#${after.tenantId}`,
    ...after,
    ...due,
  }
  return versionedWrite(before, item)
}

/** Written with a new tenant: finds its licensee. */
export function tenantOwnerWrite({ tenantId, licenseeId }: Tenant): WriteOperation {
  return { kind: 'put', item: { ...tenantOwnerKey(tenantId), licenseeId }, when: { row: 'absent' } }
}

/** A licensee's tenants under his scope; under the other all, newest first, or those of `licenseeId`. */
export async function listTenants(ctx: Ctx, query: PageQuery & { readonly licenseeId?: string }): Promise<Page> {
  const licenseeId = ctx.scope.kind === 'licensee' ? ctx.scope.licenseeId : query.licenseeId
  const cursor = query.after === undefined ? {} : { cursor: query.after }
  const page = await ctx.table.query(
    licenseeId === undefined
      ? { index: 'gsi2', pk: TENANTS, descending: true, limit: query.limit, ...cursor }
      : { pk: licenseePartition(licenseeId), sk: { beginsWith: 'tenant#' }, limit: query.limit, ...cursor },
  )
  return {
    tenants: page.items.map((item) => Tenant.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}
