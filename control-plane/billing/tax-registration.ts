import { type BillingCtx, BillingFailure } from './billing-context.ts'

/** Without an active registration automatic tax silently charges none (Stripe, "Automatic tax"). */
export async function hasTaxRegistration(ctx: BillingCtx): Promise<boolean> {
  const { data } = await ctx.stripe.tax.registrations.list({ status: 'active', limit: 1 })
  return data.length > 0
}

/**
 * Stripe works out tax from the customer's address, which a checkout asks for and an invoice does not: without one it would never be finished.
 * Throws `billing.no_address`.
 */
export async function assertAddress(ctx: BillingCtx, stripeCustomerId: string): Promise<void> {
  const customer = await ctx.stripe.customers.retrieve(stripeCustomerId)
  if (customer.deleted === true || (customer.address?.country ?? null) !== null) return
  throw BillingFailure.no_address(
    'The licensee has no billing address yet, from which the tax is worked out: have it, and a tax id, entered on the billing portal first.',
  )
}
