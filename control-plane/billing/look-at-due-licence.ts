import { isLosingByClock } from '#control-plane/core/licence/due-items.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { asStripe, type BillingCtx } from './billing-context.ts'
import { expireOpenSession } from './expire-session.ts'
import { syncCustomer } from './sync-customer.ts'

/**
 * Does what a licence's calendar says is due. Before the clock takes anything for want of a payment Stripe is asked, so that a payment whose
 * webhook is late wins; while Stripe does not answer, nothing is taken and the look comes again. Safe to run twice.
 */
export async function lookAtDueLicence(ctx: BillingCtx, input: { readonly licenceId: string }): Promise<void> {
  const seeing = asStripe(ctx)
  const now = ctx.clock.now()
  const licence = await getLicence(seeing, input.licenceId)
  const isLapsing = isClaimLapsing(licence, now)
  if (isLapsing || isLosingByClock(licence, ctx.licenceSettings, now)) {
    const { stripeCustomerId } = await getLicensee(seeing, licence.licenseeId)
    if (stripeCustomerId !== undefined) {
      // The page is closed first: what was paid on it until then is on the licence before it is decided.
      if (isLapsing) await expireOpenSession(ctx, licence)
      await syncCustomer(ctx, { stripeCustomerId })
    }
  }
  await lookAtLicence(ctx, input)
}

function isClaimLapsing({ state, lapsesAt }: Licence, now: number): boolean {
  return (state === 'draft' || state === 'checkout_pending') && lapsesAt !== undefined && lapsesAt <= now
}
