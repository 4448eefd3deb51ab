import { WebhookDue } from '#shared/contracts/notices.ts'
import { setAsideAt } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { deliveryKey } from '#tenant-stack/core/webhook/webhook-delivery.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'
import { deliverWebhook } from '../webhook/deliver-webhook.ts'

export const webhook: PipelineHandler = async (ctx, body) => {
  const due = WebhookDue.parse(JSON.parse(body))
  if (await isHeld(ctx)) return setAsideAt(ctx, deliveryKey(due))
  await deliverWebhook(ctx, due)
}
