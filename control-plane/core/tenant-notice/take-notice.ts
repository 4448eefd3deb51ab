import { TenantNotice } from '#shared/contracts/tenant-notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem, TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { tenantOwnerKey } from '../tenant/tenant-key.ts'
import { getTenant } from '../tenant/tenant-store.ts'

type Health = Extract<TenantNotice, { readonly kind: 'health' }>
type Usage = Extract<TenantNotice, { readonly kind: 'usage' }>

/** A day's figures are kept two years: this year's against the last. */
const USAGE_DAYS = 730
/** A clock of a tenant's stack that is further ahead would hide every later notice. */
const AHEAD_MS_MAX = 3_600_000

function healthKey(tenantId: string): TableKey {
  return { pk: tenantOwnerKey(tenantId).pk, sk: 'health' }
}

function usageKey(tenantId: string, day: string): TableKey {
  return { pk: tenantOwnerKey(tenantId).pk, sk: `usage#${day}` }
}

/**
 * Keeps what a tenant's stack tells of itself: the newest health, and the newest figures of each day. Notices come twice and in any order; an
 * older one changes nothing. One about no tenant, of a time to come, or of another stack than the tenant's, is logged and left out.
 * `senderStackName`: whose stack the way of the notice proves it to be of; absent where every way in is ours.
 */
export async function takeTenantNotice(
  ctx: Ctx,
  body: unknown,
  sender: { readonly senderStackName?: string } = {},
): Promise<'kept' | 'older' | 'refused'> {
  const parsed = TenantNotice.safeParse(body)
  if (!parsed.success) return refuse(ctx, 'unreadable')
  const notice = parsed.data
  if (notice.at > ctx.clock.now() + AHEAD_MS_MAX) return refuse(ctx, 'of_the_future', notice.tenantId)
  const tenant = await findTenant(ctx, notice.tenantId)
  if (tenant === undefined) return refuse(ctx, 'unknown_tenant', notice.tenantId)
  const { senderStackName = tenant.stackName } = sender
  if (senderStackName !== tenant.stackName) return refuse(ctx, 'another_stack', notice.tenantId)
  return keepNewest(ctx, notice.kind === 'health' ? healthItem(notice) : usageItem(notice), notice.at)
}

/** Undefined before the stack's first notice. */
export async function readHealth(ctx: Ctx, tenantId: string): Promise<Health | undefined> {
  await getTenant(ctx, tenantId)
  const row = await ctx.table.get(healthKey(tenantId))
  return row === undefined ? undefined : asKind(TenantNotice.parse(row), 'health')
}

/** Newest day first. */
export async function readUsage(
  ctx: Ctx,
  query: { readonly tenantId: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly days: readonly Usage[]; readonly next?: string }> {
  await getTenant(ctx, query.tenantId)
  const page = await ctx.table.query({
    pk: tenantOwnerKey(query.tenantId).pk,
    sk: { beginsWith: 'usage#' },
    descending: true,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const days = page.items.flatMap((item) => asKind(TenantNotice.parse(item), 'usage') ?? [])
  return { days, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}

function healthItem(notice: Health): TableItem {
  return { ...healthKey(notice.tenantId), ...notice }
}

function usageItem(notice: Usage): TableItem {
  const endsAt = Math.floor(Date.parse(`${notice.day}T00:00:00Z`) / 1000) + USAGE_DAYS * 86_400
  return { ...usageKey(notice.tenantId, notice.day), ...notice, expiresAt: endsAt }
}

async function keepNewest(ctx: Ctx, item: TableItem, at: number): Promise<'kept' | 'older'> {
  try {
    await ctx.table.write({
      kind: 'put',
      item,
      when: { anyOf: [{ row: 'absent' }, { attribute: 'at', is: '<', value: at }] },
    })
    return 'kept'
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return 'older'
    throw error
  }
}

async function findTenant(ctx: Ctx, tenantId: string): Promise<Tenant | undefined> {
  try {
    return await getTenant(ctx, tenantId)
  } catch (error) {
    if (isFailure(error, 'tenant.not_found')) return undefined
    throw error
  }
}

function refuse(ctx: Ctx, reason: string, tenantId?: string): 'refused' {
  ctx.log.warn({ at: 'tenant-notice.refused', reason, tenantId })
  return 'refused'
}

function asKind<K extends TenantNotice['kind']>(
  notice: TenantNotice,
  kind: K,
): Extract<TenantNotice, { readonly kind: K }> | undefined {
  return isOfKind(notice, kind) ? notice : undefined
}

function isOfKind<K extends TenantNotice['kind']>(
  notice: TenantNotice,
  kind: K,
): notice is Extract<TenantNotice, { readonly kind: K }> {
  return notice.kind === kind
}
