import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { BillingCtx } from './billing-context.ts'
import { planRefund } from './plan-refund.ts'
import { sendRefund } from './send-refund.ts'
import type { InvoiceTruth } from './truth.ts'

/** Gives back all that is left of every payment of some invoices. Safe to run twice. */
export async function payBack(
  ctx: BillingCtx,
  input: {
    readonly licence: Licence
    readonly stripeCustomerId: string
    readonly invoices: readonly InvoiceTruth[]
    readonly reason: string
  },
): Promise<void> {
  const { licence, stripeCustomerId, invoices, reason } = input
  for (const { charges, currency } of invoices.filter(({ status }) => status === 'paid')) {
    for (const { paymentIntentId, amountCents, refundedCents } of charges) {
      if (paymentIntentId === undefined || refundedCents >= amountCents) continue
      const left = amountCents - refundedCents
      const asked = { paymentIntentId, amountCents: left, currency, isWhole: true, reason }
      await sendRefund(ctx, await planRefund(ctx, { ...asked, licence, stripeCustomerId }))
    }
  }
}
