import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { publish } from '../publish.ts'
import { getWebhook } from './change-webhooks.ts'
import { type Webhook, WebhookFailure } from './webhook.ts'
import {
  deliveryKey,
  dueMark,
  findWebhookDelivery,
  newDeliveryOperation,
  type WebhookDelivery,
} from './webhook-delivery.ts'

/** Sends an endpoint a message of type `webhook.test`, whatever it listens to. Throws `webhook.not_found`, `webhook.disabled`. */
export async function sendTest(ctx: Ctx, webhookId: string): Promise<WebhookDelivery> {
  assertEnabled(await getWebhook(ctx, webhookId))
  const data = { webhook_id: webhookId }
  const { operation, delivery } = newDeliveryOperation(ctx, { webhookId, type: 'webhook.test', data })
  await ctx.table.write(operation)
  await publish(ctx, 'webhook-due', { webhookId, deliveryId: delivery.deliveryId })
  return delivery
}

/**
 * Sends one delivery again, under the same `webhook-id`, with the waits from their beginning. One that is under way stays as it is.
 * Throws `webhook.not_found`, `webhook.disabled`, `webhook.changed_meanwhile`.
 */
export async function resendDelivery(
  ctx: Ctx,
  named: Pick<WebhookDelivery, 'webhookId' | 'deliveryId'>,
): Promise<WebhookDelivery> {
  assertEnabled(await getWebhook(ctx, named.webhookId))
  const before = await findWebhookDelivery(ctx, named)
  if (before === undefined) throw WebhookFailure.not_found('There is no such delivery, or it is older than 30 days.')
  const nextAt = ctx.clock.now()
  const isAttemptedNow = before.state === 'pending' && before.round === 0 && before.nextAt > nextAt
  if (isAttemptedNow) return before
  const changed = { state: 'pending', round: 0, nextAt, version: before.version + 1 } as const
  try {
    await ctx.table.write({
      kind: 'update',
      key: deliveryKey(named),
      set: { ...changed, ...dueMark(ctx, before, nextAt + 60_000) },
      remove: ['sweeps'],
      when: { attribute: 'version', is: '=', value: before.version },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    throw WebhookFailure.changed_meanwhile('The delivery has changed meanwhile: look again.')
  }
  const { webhookId, deliveryId } = named
  await publish(ctx, 'webhook-due', { webhookId, deliveryId })
  return { ...before, ...changed }
}

function assertEnabled({ isEnabled }: Webhook): void {
  if (!isEnabled) throw WebhookFailure.disabled('This webhook is disabled: enable it first.')
}
