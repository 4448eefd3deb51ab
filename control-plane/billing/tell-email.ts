import type { Licensee } from '#control-plane/core/licensee/licensee.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { BillingCtx } from './billing-context.ts'
import type { CustomerRow } from './customer.ts'
import { isRefusal, withKey } from './idempotency.ts'

/** Tells Stripe where a licensee wants his invoices since; what the payer entered there meanwhile stays until the licensee changes his. */
export async function tellEmail(
  ctx: BillingCtx,
  input: {
    readonly customer: CustomerRow
    readonly licensee: Licensee
    readonly update: Pick<Extract<WriteOperation, { kind: 'update' }>, 'kind' | 'key' | 'when'>
  },
): Promise<void> {
  const { stripeCustomerId, billingEmail: told } = input.customer
  const { billingEmail: email, licenseeId, version } = input.licensee
  if (told === email) return
  try {
    await withKey(ctx, `customer-email:${licenseeId}:${version}`, (idempotencyKey) =>
      ctx.stripe.customers.update(stripeCustomerId, { email }, { idempotencyKey }),
    )
  } catch (error) {
    // A deleted customer gets no mail any more.
    if (!isRefusal(error)) throw error
    ctx.log.warn({ at: 'billing.email_refused', stripeCustomerId })
  }
  await ctx.table.write({ ...input.update, set: { billingEmail: email } })
}
