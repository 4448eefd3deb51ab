import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { giveUpWebhook } from './change-webhooks.ts'
import { webhookHealthKey } from './webhook.ts'

/** An endpoint that has taken nothing for so long is disabled: what waits for it would only grow. */
const FAILING_MS_MAX = 5 * 24 * 3600 * 1000

const Health = z.object({ failingSince: z.number().optional() })

/** Since when every attempt has failed; undefined: the last one succeeded, or there was none. */
export async function failingSince(ctx: Ctx, webhookId: string): Promise<number | undefined> {
  const row = await ctx.table.get(webhookHealthKey(webhookId))
  return row === undefined ? undefined : Health.parse(row).failingSince
}

/** Writes only when it had failed before. */
export async function noteSuccess(ctx: Ctx, webhookId: string): Promise<void> {
  if ((await failingSince(ctx, webhookId)) === undefined) return
  await ctx.table.write({ kind: 'update', key: webhookHealthKey(webhookId), remove: ['failingSince'] })
}

/** Writes only the first time; disables the endpoint when that is long ago, or when it says that it is gone. */
export async function noteFailure(ctx: Ctx, webhookId: string, isGone: boolean): Promise<void> {
  if (isGone) return giveUpWebhook(ctx, webhookId, 'gone')
  const since = await failingSince(ctx, webhookId)
  if (since === undefined) return beginFailing(ctx, webhookId)
  if (ctx.clock.now() - since >= FAILING_MS_MAX) await giveUpWebhook(ctx, webhookId, 'failing')
}

async function beginFailing(ctx: Ctx, webhookId: string): Promise<void> {
  const operation: WriteOperation = {
    kind: 'update',
    key: webhookHealthKey(webhookId),
    set: { failingSince: ctx.clock.now() },
    when: { attribute: 'failingSince', is: 'absent' },
  }
  try {
    await ctx.table.write(operation)
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
