import * as z from 'zod'
import { WebhookType } from '#shared/contracts/webhooks-api.ts'
import { defineFailures } from '#shared/errors/failure.ts'

/** A tenant's own server that is told of what happens. */
export const Webhook = z.object({
  webhookId: z.string(),
  url: z.string(),
  types: z.array(WebhookType),
  description: z.string().exactOptional(),
  isEnabled: z.boolean(),
  disabledBecause: z.enum(['asked', 'failing', 'gone']).exactOptional(),
  /** Addresses of attendees are told whole. */
  isUnmasked: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Webhook = z.infer<typeof Webhook>

/** All of a tenant in one row: whoever has something to tell reads it, and it changes as one. */
export const Webhooks = z.object({ webhooks: z.array(Webhook), version: z.number() })
export type Webhooks = z.infer<typeof Webhooks>

/** `whsec_…`, the newest first; one before has an end, epoch seconds. */
export const WebhookSecrets = z.object({
  secrets: z.array(z.object({ secret: z.string(), endsAt: z.number().exactOptional() })),
})

export const WebhookFailure = defineFailures('webhook', {
  not_found: { status: 404, retry: false },
  bad_url: { status: 422, retry: false },
  scope_exceeded: { status: 403, retry: false },
  too_many: { status: 409, retry: false },
  disabled: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

/** Each is a row more in the transaction that tells; with 10 the largest still fits into 100 (DynamoDB TransactWriteItems). */
export const WEBHOOKS_MAX = 10

/** Twenty mails are recorded by one transaction: a third listener would not fit into it. */
export const SENT_WEBHOOKS_MAX = 2

export const webhooksKey = { pk: 'webhooks', sk: 'all' } as const

export function webhookSecretsKey(webhookId: string) {
  return { pk: `webhook#${webhookId}`, sk: 'secrets' }
}

/** Since when every attempt has failed. */
export function webhookHealthKey(webhookId: string) {
  return { pk: `webhook#${webhookId}`, sk: 'health' }
}
