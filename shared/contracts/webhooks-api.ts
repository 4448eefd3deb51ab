import * as z from 'zod'
import type { ApiScope } from './api.ts'

/** What is told, each with the scope that lets a key read the same by itself. */
export const WEBHOOK_TYPES = {
  'event.created': 'events:read',
  'event.updated': 'events:read',
  'event.cancelled': 'events:read',
  'invitation.sent': 'attendees:read',
  'invitation.bounced': 'attendees:read',
  'invitation.complained': 'attendees:read',
  'answer.recorded': 'attendees:read',
  'proposal.received': 'attendees:read',
  'list.done': 'lists:read',
  'attendee.unsubscribed': 'suppressions:read',
} as const satisfies Readonly<Record<string, ApiScope>>

export type WebhookType = keyof typeof WEBHOOK_TYPES

const isWebhookType = (name: string): name is WebhookType => Object.hasOwn(WEBHOOK_TYPES, name)
export const WebhookType = z.enum(Object.keys(WEBHOOK_TYPES).filter(isWebhookType))

/** A secret before a rotated one signs so long at most. */
export const WEBHOOK_OVERLAP_SECONDS_MAX = 7 * 24 * 3600

const url = z.string().min(1).max(2048).meta({
  description: 'https, port 443 or 8443, a name that leads to public addresses alone. No redirect is followed.',
  example: 'https://hooks.example.com/convoke',
})
const types = z.array(WebhookType).min(1)
const description = z.string().trim().max(200)

export const WebhookBody = z
  .object({ url, types, description: description.optional() })
  .strict()
  .meta({ id: 'NewWebhook' })

export const WebhookChangeBody = z
  .object({
    url: url.optional(),
    types: types.optional(),
    description: description.optional(),
    is_enabled: z.boolean().optional(),
  })
  .strict()
  .meta({ id: 'WebhookChange' })

export const RotateWebhookBody = z
  .object({
    overlap_seconds: z.number().int().min(0).max(WEBHOOK_OVERLAP_SECONDS_MAX).default(86_400).meta({
      description: 'How long the secret before still signs as well, at most 7 days.',
    }),
  })
  .strict()
  .meta({ id: 'WebhookRotation' })

export const WebhookView = z
  .object({
    id: z.string(),
    url: z.string(),
    types: z.array(WebhookType),
    description: z.string().optional(),
    is_enabled: z.boolean(),
    disabled_because: z
      .enum(['asked', 'failing', 'gone'])
      .optional()
      .meta({ description: '`failing`: every attempt failed for 5 days; `gone`: it answered 410.' }),
    addresses: z.enum(['masked', 'unmasked']).meta({
      description: 'Unmasked when the key that made it, and each that changed it since, has `attendees:unmasked`.',
    }),
    failing_since: z
      .string()
      .optional()
      .meta({ description: 'Absent: the last attempt succeeded, or there was none.' }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Webhook' })

export const WebhookWithSecretView = WebhookView.extend({
  secret: z.string().optional().meta({
    description:
      '`whsec_…` of Standard Webhooks. Shown here and never again; absent in the answer to a repeated request.',
  }),
}).meta({ id: 'WebhookWithSecret' })

export const WebhookDeliveryView = z
  .object({
    id: z.string().meta({ description: 'The header `webhook-id`, the same for every attempt.' }),
    type: z.string(),
    state: z.enum(['pending', 'delivered', 'failed']),
    created_at: z.string(),
    next_attempt_at: z.string().optional(),
    attempts: z
      .array(
        z.object({
          at: z.string(),
          status: z.number().optional(),
          failure: z.string().optional(),
          milliseconds: z.number(),
        }),
      )
      .meta({ description: 'The last ones, oldest first.' }),
    attempt_count: z.number(),
    response: z.string().optional().meta({ description: 'The beginning of the last answer, at most 1,024 bytes.' }),
  })
  .meta({ id: 'WebhookDelivery' })
