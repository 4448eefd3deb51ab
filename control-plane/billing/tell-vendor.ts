import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { BillingCtx } from './billing-context.ts'
import type { StripeEventRow } from './stripe-event.ts'
import { tell } from './tell.ts'
import { lastKept, type SubscriptionTruth } from './truth.ts'

/** What no program settles: a person has to look at Stripe's Dashboard. */
const TO_BE_TOLD: { readonly [type: string]: { readonly subject: string; readonly text: string } } = {
  'refund.failed': {
    subject: 'A refund has failed',
    text: 'The bank could not take a refund back. The money is with us again; ask the licensee how he wants to have it.',
  },
  'invoice.finalization_failed': {
    subject: 'An invoice could not be finished',
    text: 'Stripe could not work out the tax of an invoice. It is not charged until the address or the tax id is right.',
  },
}

/** Tells a person once of an event that needs one. */
export async function tellOfEvent(ctx: BillingCtx, row: StripeEventRow): Promise<void> {
  const words = TO_BE_TOLD[row.type]
  if (words === undefined) return
  const { stripeEventId, stripeCustomerId = 'unknown' } = row
  await tell(ctx, {
    told: [
      {
        mailKey: `stripe-event:${stripeEventId}`,
        subject: words.subject,
        text: `${words.text} Event ${stripeEventId}, customer ${stripeCustomerId}.`,
      },
    ],
    target: { kind: 'stripe_event', id: stripeEventId },
  })
}

/** Money that came for a licence that is over, between its end and that of its subscription: it is neither kept silently nor sent back blindly. */
export async function tellOfLatePayment(
  ctx: BillingCtx,
  { licence, current }: { readonly licence: Licence; readonly current: SubscriptionTruth | undefined },
): Promise<void> {
  const isOver = licence.state === 'expired' || licence.state === 'refunded' || licence.state === 'closed'
  if (!isOver || current === undefined || current.facts.subscriptionId !== licence.stripe?.subscriptionId) return
  const kept = lastKept(current)
  if (kept === undefined || kept.periodEnd <= (licence.paidThrough ?? 0)) return
  const { licenceId, domainName, state } = licence
  await tell(ctx, {
    told: [
      {
        mailKey: `late-payment:${kept.invoiceId}`,
        subject: `${domainName} was paid after its licence had ended`,
        text: `The invoice ${kept.invoiceId} of ${domainName} was paid when its licence was already ${state}. Give the money back, or grant a licence for the time that was paid.`,
      },
    ],
    target: { kind: 'licence', id: licenceId },
    licenseeId: licence.licenseeId,
  })
}
