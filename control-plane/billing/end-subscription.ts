import type { BillingCtx } from './billing-context.ts'
import { isRefusal, withKey } from './idempotency.ts'
import type { SubscriptionTruth } from './truth.ts'

/** Cancels a subscription now, which stops its retries, and voids what it has open, so that nobody pays for what is not given. Twice is harmless. */
export async function endSubscription(
  ctx: BillingCtx,
  { facts, invoices }: Pick<SubscriptionTruth, 'facts' | 'invoices'>,
): Promise<void> {
  const { subscriptionId } = facts
  await unlessRefused(() =>
    withKey(ctx, `cancel:${subscriptionId}`, (idempotencyKey) =>
      ctx.stripe.subscriptions.cancel(subscriptionId, { invoice_now: false, prorate: false }, { idempotencyKey }),
    ),
  )
  for (const { invoiceId } of invoices.filter(({ status }) => status === 'open'))
    await unlessRefused(() =>
      withKey(ctx, `void:${invoiceId}`, (idempotencyKey) =>
        ctx.stripe.invoices.voidInvoice(invoiceId, {}, { idempotencyKey }),
      ),
    )
}

/** Refused because it is ended, or paid, already: what is true is fetched again anyway. */
async function unlessRefused(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}
