import type * as z from 'zod'
import { WebhookDeliveryView, WebhookView } from '#shared/contracts/webhooks-api.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { Webhook } from '#tenant-stack/core/webhook/webhook.ts'
import type { WebhookDelivery } from '#tenant-stack/core/webhook/webhook-delivery.ts'
import { failingSince } from '#tenant-stack/core/webhook/webhook-health.ts'
import { isoOf } from './views.ts'

/** A webhook as the API shows it: without its secrets. */
export async function webhookView(ctx: Ctx, webhook: Webhook): Promise<z.infer<typeof WebhookView>> {
  const { webhookId, url, types, description, isEnabled, disabledBecause, isUnmasked } = webhook
  const since = await failingSince(ctx, webhookId)
  return WebhookView.parse({
    id: webhookId,
    url,
    types,
    ...(description === undefined ? {} : { description }),
    is_enabled: isEnabled,
    ...(disabledBecause === undefined ? {} : { disabled_because: disabledBecause }),
    addresses: isUnmasked ? 'unmasked' : 'masked',
    ...(since === undefined ? {} : { failing_since: isoOf(since) }),
    created_at: isoOf(webhook.createdAt),
    updated_at: isoOf(webhook.updatedAt),
  })
}

/** A line of the log; what was sent is not in it: whoever may read it reads it by its ids. */
export function webhookDeliveryView(delivery: WebhookDelivery): z.infer<typeof WebhookDeliveryView> {
  const { deliveryId, type, state, createdAt, nextAt, attempts, attemptCount, response } = delivery
  return WebhookDeliveryView.parse({
    id: deliveryId,
    type,
    state,
    created_at: isoOf(createdAt),
    ...(state === 'pending' ? { next_attempt_at: isoOf(nextAt) } : {}),
    attempts: attempts.map(({ at, status, failure, milliseconds }) => ({
      at: isoOf(at),
      ...(status === undefined ? {} : { status }),
      ...(failure === undefined ? {} : { failure }),
      milliseconds,
    })),
    attempt_count: attemptCount,
    ...(response === undefined || response === '' ? {} : { response }),
  })
}
