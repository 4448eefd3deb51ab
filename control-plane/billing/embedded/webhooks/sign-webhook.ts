import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` header: HMAC-SHA256 of `time.body` under the endpoint's secret (stripe.com/docs/webhooks/signature). */
export function signWebhook(secret: string, body: string, nowSeconds: number): string {
  const digest = createHmac('sha256', secret).update(`${nowSeconds}.${body}`).digest('hex')
  return `t=${nowSeconds},v1=${digest}`
}
