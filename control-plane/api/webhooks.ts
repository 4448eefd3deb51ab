import { Hono } from 'hono'
import { receiveStripeEvent } from '#control-plane/billing/receive-stripe-event.ts'
import { systemCtx } from './caller.ts'
import type { ApiEnv } from './env.ts'

/** Stripe's events: the raw body and its signature go to billing as they are; 400 for a bad signature alone, 5xx makes Stripe come again. */
export const webhooks = new Hono<ApiEnv>().post('/webhooks/stripe', async (c) => {
  const rawBody = await c.req.text()
  const outcome = await receiveStripeEvent(systemCtx(c, 'stripe'), {
    rawBody,
    signature: c.req.header('stripe-signature') ?? '',
  })
  return c.json({ outcome }, 200)
})
