import type { TenantNotice } from '#shared/contracts/tenant-notices.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findSendingStop } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import type { Teller } from '#tenant-stack/core/teller.ts'
import { dayOf, readUsage } from '#tenant-stack/core/usage/usage.ts'
import { sweeps } from '#tenant-stack/manifest.ts'
import { readQueues } from '../sweeps/sweep-queues.ts'

type Told = Pick<Teller, 'tenantId' | 'templateVersion'>

/** How the stack is: what the control plane may know of it. */
export async function healthNotice(ctx: Ctx, { tenantId, templateVersion }: Told): Promise<TenantNotice> {
  const [{ deadLetters, oldestOverdueSeconds }, standing, stop] = await Promise.all([
    readQueues(ctx),
    ctx.licence.standing(),
    findSendingStop(ctx),
  ])
  return {
    kind: 'health',
    noticeId: ctx.ids.newId('ntc'),
    tenantId,
    at: ctx.clock.now(),
    templateVersion,
    licenceStanding: standing.code,
    deadLetters,
    oldestWorkSeconds: oldestOverdueSeconds,
    ...(stop?.isStopped === true && stop.reason !== undefined ? { sendingStop: stop.reason } : {}),
  }
}

/**
 * What was done on the day so far, and in the first hour of a day what was done on the day before: its last hour's figures would be told
 * to nobody otherwise. `at` is of the day that is told.
 */
export async function usageNotices(ctx: Ctx, { tenantId }: Told): Promise<readonly TenantNotice[]> {
  const now = ctx.clock.now()
  const startOfDay = Date.parse(`${dayOf(now)}T00:00:00Z`)
  const times = now - startOfDay < sweeps.tell.everySeconds * 1000 ? [startOfDay - 1, now] : [now]
  return Promise.all(
    times.map(async (at) => ({
      kind: 'usage' as const,
      noticeId: ctx.ids.newId('ntc'),
      tenantId,
      at,
      day: dayOf(at),
      counts: await readUsage(ctx, dayOf(at)),
    })),
  )
}
