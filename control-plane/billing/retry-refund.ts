import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { openRefund } from './list-refunds.ts'
import { planRefund } from './plan-refund.ts'
import type { Refund } from './refund.ts'
import { sendRefund } from './send-refund.ts'

/**
 * Asks Stripe anew for a refund that came to nothing, under an id of its own: under the old one Stripe would answer as it did. Asked twice at once it
 * is one. Throws `billing.no_refund`, `billing.refund_not_failed`, and `billing.refund_refused` when Stripe refuses again.
 */
export async function retryRefund(ctx: BillingCtx, { refundId }: { readonly refundId: string }): Promise<Refund> {
  const failed = await openRefund(ctx, refundId)
  if (failed.state !== 'failed') throw BillingFailure.refund_not_failed('This refund is still under way.')
  const { stripeCustomerId, paymentIntentId, amountCents, currency, isWhole, reason } = failed
  const asked = { stripeCustomerId, paymentIntentId, amountCents, currency, isWhole, reason }
  const licence = await getLicence(ctx, failed.licenceId)
  const planned = await planRefund(ctx, { ...asked, licence, failed })
  const sent = await sendRefund(ctx, planned)
  if (sent.state === 'failed') throw BillingFailure.refund_refused(`Stripe refuses again: ${sent.failure ?? 'failed'}.`)
  return sent
}
