import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { BillingCtx } from './billing-context.ts'
import { planRefund } from './plan-refund.ts'
import { sendRefund } from './send-refund.ts'
import { tell } from './tell.ts'
import type { InvoiceTruth } from './truth.ts'

/** Gives back all that is left of every payment of some invoices; a person is told of what Stripe refuses. Safe to run twice. */
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
      const refund = await sendRefund(ctx, await planRefund(ctx, { ...asked, licence, stripeCustomerId }))
      if (refund.state !== 'failed') continue
      await tell(ctx, {
        told: [
          {
            mailKey: `refund-refused:${refund.refundId}`,
            subject: `A payment for ${licence.domainName} could not be given back`,
            text: `Stripe does not give back the payment ${paymentIntentId} for ${licence.domainName} (${reason}): ${refund.failure ?? 'the refund failed'}. Look at it in the Dashboard and settle it by hand.`,
          },
        ],
        target: { kind: 'licence', id: licence.licenceId },
        licenseeId: licence.licenseeId,
      })
    }
  }
}
