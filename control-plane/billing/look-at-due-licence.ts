import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import type { BillingCtx } from './billing-context.ts'
import { expireSession } from './expire-session.ts'
import { isRefusal } from './idempotency.ts'
import { syncCustomer } from './sync-customer.ts'

/** Looks at a licence whose time has come. Before an unpaid claim lapses it is made sure that no money is on its way. */
export async function lookAtDueLicence(ctx: BillingCtx, input: { readonly licenceId: string }): Promise<void> {
  await settleBeforeLapse(ctx, input.licenceId)
  await lookAtLicence(ctx, input)
}

/** Closes the page on which could still be paid, then asks Stripe: what was paid or is being confirmed is on the licence before it is decided. */
async function settleBeforeLapse(ctx: BillingCtx, licenceId: string): Promise<void> {
  const { state, lapsesAt, checkout, licenseeId } = await getLicence(ctx, licenceId)
  const isDue =
    (state === 'draft' || state === 'checkout_pending') && lapsesAt !== undefined && lapsesAt <= ctx.clock.now()
  const { stripeCustomerId } = await getLicensee(ctx, licenseeId)
  if (!isDue || stripeCustomerId === undefined) return
  if (checkout !== undefined) {
    try {
      await expireSession(ctx, checkout.sessionId)
    } catch (error) {
      // It was paid, or has expired by itself: what Stripe says next tells which.
      if (!isRefusal(error)) throw error
    }
  }
  await syncCustomer(ctx, { stripeCustomerId })
}
