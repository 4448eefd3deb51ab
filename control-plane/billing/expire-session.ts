import type { BillingCtx } from './billing-context.ts'
import { withKey } from './idempotency.ts'

/** Closes a checkout page for good. Throws Stripe's refusal when it was paid or has expired already. */
export async function expireSession(ctx: BillingCtx, sessionId: string): Promise<void> {
  await withKey(ctx, `expire:${sessionId}`, (idempotencyKey) =>
    ctx.stripe.checkout.sessions.expire(sessionId, {}, { idempotencyKey }),
  )
}
