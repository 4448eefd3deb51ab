import { inletKey, unclaimedKey } from '#shared/contracts/cell-inlet.ts'
import type { MailReceived } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type CellCtx, CellFailure } from './context.ts'
import { deliverToTenant } from './deliver-to-tenant.ts'
import { groupRecipients, type TenantRecipients, type UnclaimedReason } from './group-recipients.ts'
import { isDelivered, keepOutcome, markDelivered } from './inlet-ledger.ts'
import { redactTrace } from './redact-trace.ts'

/** Tenants served at once: each may hold a copy of 40 MB in memory. */
const TENANTS_AT_ONCE = 4

/**
 * Copy and notice to every tenant that has not got them, then the outcome, then the object goes. A tenant who cannot be reached keeps
 * nobody else from his mail: the rest goes on, and the throw at the end has only him tried again.
 */
export async function routeNotice(ctx: CellCtx, sesMessageId: string, notice: MailReceived): Promise<void> {
  const { tenants, unclaimed, unreadable } = await groupRecipients(ctx, notice.recipients)
  const isShared = tenants.length + unreadable.length > 1 || unclaimed.length > 0
  const raw = isShared ? await ctx.inlet.get(inletKey(sesMessageId)) : undefined
  const redacted = raw === undefined ? undefined : redactTrace(raw)
  const failed: unknown[] = []
  for (let from = 0; from < tenants.length; from += TENANTS_AT_ONCE) {
    const group = tenants.slice(from, from + TENANTS_AT_ONCE)
    const results = await Promise.allSettled(group.map((one) => serve(ctx, sesMessageId, notice, one, redacted)))
    failed.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])))
  }
  const isGone = failed.find((error) => isFailure(error, 'blob.not_found'))
  if (isGone !== undefined) throw isGone
  for (const name of unreadable) failed.push(new Error(`the route of ${name} cannot be read`))
  if (failed.length > 0)
    throw CellFailure.partly_routed(
      `${failed.length} of ${tenants.length + unreadable.length} tenants have not got ${notice.mailId}`,
      {
        cause: new AggregateError(failed),
      },
    )
  if (raw !== undefined && unclaimed.length > 0) await ctx.inlet.put(unclaimedKey(sesMessageId), raw)
  const reasons = countOf(unclaimed)
  await keepOutcome(ctx, notice.mailId, { tenants: tenants.map(({ route }) => route.tenantId), unclaimed: reasons })
  if (unclaimed.length > 0) ctx.log.warn({ at: 'cell.unclaimed', mailId: notice.mailId, ...reasons })
  ctx.log.info({ at: 'cell.routed', mailId: notice.mailId, tenants: tenants.length, unclaimed: unclaimed.length })
  await ctx.inlet.delete(inletKey(sesMessageId))
}

async function serve(
  ctx: CellCtx,
  sesMessageId: string,
  notice: MailReceived,
  tenant: TenantRecipients,
  redacted: Uint8Array | undefined,
): Promise<void> {
  const { tenantId } = tenant.route
  try {
    if (await isDelivered(ctx, notice.mailId, tenantId)) return
    await deliverToTenant(ctx, { sesMessageId, notice, tenant, redacted })
    await markDelivered(ctx, notice.mailId, tenantId)
  } catch (error) {
    ctx.log.warn({ at: 'cell.tenant_failed', mailId: notice.mailId, tenantId, error: nameOf(error) })
    throw error
  }
}

function countOf(reasons: readonly UnclaimedReason[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

/** The service's own word for what went wrong; its message may hold addresses. */
function nameOf(error: unknown): string {
  if (isFailure(error)) return error.code
  return error instanceof Error ? error.name : typeof error
}
