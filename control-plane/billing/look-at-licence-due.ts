import { isLosingByClock } from '#control-plane/core/licence/due-items.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { asStripe, type BillingCtx } from './billing-context.ts'
import { syncCustomer } from './sync-customer.ts'

/**
 * Does what a licence's calendar says is due. Before the clock takes anything for want of a payment Stripe is asked, so that a payment whose
 * webhook is late wins; while Stripe does not answer, nothing is taken and the look comes again. Safe to run twice.
 */
export async function lookAtLicenceDue(ctx: BillingCtx, input: { readonly licenceId: string }): Promise<void> {
  const seeing = asStripe(ctx)
  const licence = await getLicence(seeing, input.licenceId)
  if (isLosingByClock(licence, ctx.licenceSettings, ctx.clock.now())) {
    const { stripeCustomerId } = await getLicensee(seeing, licence.licenseeId)
    if (stripeCustomerId !== undefined) await syncCustomer(ctx, { stripeCustomerId })
  }
  await lookAtLicence(ctx, input)
}
