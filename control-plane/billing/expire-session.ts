import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { BillingCtx } from './billing-context.ts'
import { isRefusal, withKey } from './idempotency.ts'

/** Closes a checkout page for good. Throws Stripe's refusal when it was paid or has expired already. */
export async function expireSession(ctx: BillingCtx, sessionId: string): Promise<void> {
  await withKey(ctx, `expire:${sessionId}`, (idempotencyKey) =>
    ctx.stripe.checkout.sessions.expire(sessionId, {}, { idempotencyKey }),
  )
}

/** Makes sure that nobody can pay on a licence's page any more; `complete`: somebody has, and it is being confirmed. */
export async function expireOpenSession(
  ctx: BillingCtx,
  { checkout }: Pick<Licence, 'checkout'>,
): Promise<'expired' | 'complete' | undefined> {
  if (checkout === undefined) return undefined
  try {
    await expireSession(ctx, checkout.sessionId)
    return 'expired'
  } catch (error) {
    if (!isRefusal(error)) throw error
    const { status } = await ctx.stripe.checkout.sessions.retrieve(checkout.sessionId)
    if (status === 'open') throw error
    return status === 'expired' ? 'expired' : 'complete'
  }
}
