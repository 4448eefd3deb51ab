import { createHmac } from 'node:crypto'
import type { WebhookCall } from '../webhook-door.ts'

const PREFIX = 'whsec_'

/** `webhook-signature`: one `v1,…` for each secret, parted by spaces (Standard Webhooks, "Signature scheme"). */
export function signWebhook({ webhookId, sentAt, secrets, body }: Omit<WebhookCall, 'url'>): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${webhookId}.${sentAt}.${body}`).digest('base64')}`
    })
    .join(' ')
}
