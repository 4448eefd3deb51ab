import { assertServable, isLeaving } from '#control-plane/core/licence/assert-servable.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { BOUGHT, OVER } from '#control-plane/core/licence/licence-guards.ts'
import type { Licensee } from '#control-plane/core/licensee/licensee.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { BillingCtx } from './billing-context.ts'
import type { LateTruth } from './choose-subscription.ts'
import { endSubscription } from './end-subscription.ts'
import { payBack } from './pay-back.ts'
import { tell } from './tell.ts'
import type { InvoiceTruth } from './truth.ts'

/** True when no payment leads to a domain that works: its tenant is being removed, or has not the name any more that is to be paid for. */
export async function isGone(ctx: BillingCtx, licence: Licence): Promise<boolean> {
  if (licence.state === 'closed') return true
  if (isLeaving(await getTenant(ctx, licence.tenantId))) return true
  if (![...BOUGHT, ...OVER].some((state) => state === licence.state)) return false
  try {
    await assertServable(ctx, licence)
    return false
  } catch (error) {
    if (!isFailure(error, 'tenant.wrong_state')) throw error
    return true
  }
}

/**
 * Money that came for a tenant that is gone goes back whole, its subscription ends, and both sides are told. What is late is read from
 * Stripe each time, so a death in between only repeats this: money first, since a subscription that lives is found again.
 */
export async function giveBackLate(
  ctx: BillingCtx,
  input: {
    readonly stripeCustomerId: string
    readonly licence: Licence
    readonly licensee: Licensee
    readonly late: readonly LateTruth[]
  },
): Promise<void> {
  const { licence, licensee, stripeCustomerId } = input
  for (const { subscription, invoices } of input.late) {
    await payBack(ctx, { licence, stripeCustomerId, invoices, reason: 'paid for a domain that is not served any more' })
    for (const invoice of invoices) await tellBoth(ctx, { licence, licensee, invoice })
    await endSubscription(ctx, subscription)
  }
}

async function tellBoth(
  ctx: BillingCtx,
  input: { readonly licence: Licence; readonly licensee: Licensee; readonly invoice: InvoiceTruth },
): Promise<void> {
  const { licence, licensee, invoice } = input
  const { invoiceId, charges } = invoice
  const { domainName, licenceId, licenseeId } = licence
  // What was paid outside Stripe only a person can give back.
  const isOurs = charges.some(({ paymentIntentId }) => paymentIntentId !== undefined)
  const how = isOurs
    ? 'All of it goes back to how it was paid; your bank may need some days.'
    : 'We give all of it back and will ask you how you want to have it.'
  const done = isOurs
    ? 'The payment is given back automatically and the subscription has ended.'
    : 'It was paid outside Stripe: give it back by hand. The subscription has ended.'
  await tell(ctx, {
    told: [
      {
        mailKey: `late-payment:${invoiceId}:licensee`,
        to: licensee.billingEmail,
        subject: `Your payment for ${domainName} is given back`,
        text: `A payment for ${domainName} came when the domain was no longer served here. ${how} To use the domain again, add it anew and buy a licence for it.`,
      },
      {
        mailKey: `late-payment:${invoiceId}:vendor`,
        subject: `${domainName} was paid after it had ended`,
        text: `The invoice ${invoiceId} of ${domainName} was paid when the domain was no longer served. ${done}`,
      },
    ],
    target: { kind: 'licence', id: licenceId },
    licenseeId,
  })
}
