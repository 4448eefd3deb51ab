import Stripe from 'stripe'
import { type BillingCtx, BillingFailure, checkedStripeSettings } from './billing-context.ts'
import { insertEvent } from './event-ledger.ts'
import { STRIPE_EVENTS } from './stripe-event.ts'

/** `ignored`: of a type that changes nothing here. `wrong_mode`: refused, because test and live do not mix. All are answered with 200. */
export type Received = 'taken' | 'known' | 'ignored' | 'wrong_mode'

/** Stripe's own default; an older signature is a replay (Stripe, "Preventing replay attacks"). */
const TOLERANCE_SECONDS = 300

/** The package takes an empty `v1=` for a fault of its own, which would be answered as ours. */
const HEADER = /^t=\d{1,12}(?:,v\d=[0-9a-f]{64})+$/

/**
 * Takes an event of the platform's webhook: verifies the raw body, writes it into the ledger once, queues it. Throws `billing.bad_signature`
 * (400) for that alone; anything else thrown is our fault, and Stripe sends the event again.
 */
export async function receiveStripeEvent(
  ctx: BillingCtx,
  input: { readonly rawBody: string; readonly signature: string },
): Promise<Received> {
  const stripeEvent = await verified(ctx, input)
  if (stripeEvent.livemode !== ctx.stripeSettings.isLivemode) {
    ctx.log.error({ at: 'stripe-event.wrong_mode', stripeEventId: stripeEvent.id, type: stripeEvent.type })
    return 'wrong_mode'
  }
  if (STRIPE_EVENTS[stripeEvent.type] !== 'sync') {
    ctx.log.info({ at: 'stripe-event.ignored', stripeEventId: stripeEvent.id, type: stripeEvent.type })
    return 'ignored'
  }
  const { row, isKnown } = await insertEvent(ctx, stripeEvent, 'webhook')
  if (row.handledAt !== undefined) return 'known'
  const { stripeEventId } = row
  await ctx.queues.send('stripe-event', JSON.stringify({ stripeEventId }))
  return isKnown ? 'known' : 'taken'
}

async function verified(
  ctx: BillingCtx,
  { rawBody, signature }: { readonly rawBody: string; readonly signature: string },
): Promise<Stripe.Event> {
  const { webhookSecrets } = checkedStripeSettings(ctx.stripeSettings)
  if (!HEADER.test(signature)) throw BillingFailure.bad_signature('The signature is malformed.')
  let cause: unknown
  for (const secret of webhookSecrets) {
    try {
      return await ctx.stripe.webhooks.constructEventAsync(
        rawBody,
        signature,
        secret,
        TOLERANCE_SECONDS,
        undefined,
        ctx.clock.now(),
      )
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error
      cause = error
    }
  }
  throw BillingFailure.bad_signature('The signature does not fit.', { cause })
}
