import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'

/** Stripe's page for payment method, invoices, tax id and cancellation at the end of the period. Throws `billing.no_customer` before the first purchase. */
export async function openPortal(
  ctx: BillingCtx,
  input: { readonly licenseeId: string; readonly returnUrl?: string },
): Promise<{ readonly url: string }> {
  const { stripeCustomerId } = await getLicensee(ctx, input.licenseeId)
  if (stripeCustomerId === undefined) throw BillingFailure.no_customer('Nothing was bought yet.')
  // No business key: each visit is a page of its own, and the package repeats a lost call under a key of its own.
  const { url } = await ctx.stripe.billingPortal.sessions.create({
    customer: stripeCustomerId,
    return_url: input.returnUrl ?? `${ctx.settings.publicUrl}/licences`,
  })
  return { url }
}
