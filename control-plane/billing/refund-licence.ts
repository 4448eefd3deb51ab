import { DAY_MS } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { LicenceFailure } from '#control-plane/core/licence/licence.ts'
import { moverOf } from '#control-plane/core/licence/licence-event.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { chooseSubscription } from './choose-subscription.ts'
import { fetchTruth } from './fetch-truth.ts'
import { planRefund } from './plan-refund.ts'
import type { Refund } from './refund.ts'
import { failedRefundOf, sendRefund } from './send-refund.ts'
import { syncCustomer } from './sync-customer.ts'
import { type ChargeTruth, type InvoiceTruth, lastPaid } from './truth.ts'

/**
 * Gives the last payment back, or a part of it: a licensee the whole within the days the vendor grants, the vendor's admin any time. What
 * is given back whole ends the licence. Throws `billing.nothing_to_refund`, `billing.refund_period_over`, `billing.refund_refused`, `licence.wrong_state`.
 */
export async function refundLicence(
  ctx: BillingCtx,
  input: {
    readonly licenceId: string
    readonly reason: string
    readonly amountCents?: number
    /** Names the asking: the same one again is the same refund, also of a part. */
    readonly askedAs?: string
  },
): Promise<Refund> {
  const licence = await getLicence(ctx, input.licenceId)
  const mover = moverOf(ctx.actor)
  if (mover !== 'owner' && mover !== 'vendor_admin') throw LicenceFailure.wrong_state('This is not yours to do.')
  const { stripeCustomerId } = await getLicensee(ctx, licence.licenseeId)
  if (stripeCustomerId === undefined) throw BillingFailure.nothing_to_refund('Nothing was paid yet.')
  const { invoice, charge } = await paymentOf(ctx, licence, stripeCustomerId)
  const left = charge.amountCents - charge.refundedCents
  const amountCents = input.amountCents ?? left
  if (!Number.isInteger(amountCents) || amountCents < 1 || amountCents > left)
    throw BillingFailure.nothing_to_refund(`At most ${left} of the smallest unit can be given back.`)
  const isInTime = ctx.clock.now() - (invoice.paidAt ?? 0) <= ctx.licenceSettings.refundDays * DAY_MS
  if (mover === 'owner' && (!isInTime || amountCents !== left))
    throw BillingFailure.refund_period_over('The time in which the whole payment can be had back is over.')
  const { paymentIntentId } = charge
  // A part that happens to be all that is left is a part: asked again after a death it must meet its own row.
  const isWhole = input.amountCents === undefined || amountCents === charge.amountCents
  const failed = isWhole ? await failedRefundOf(ctx, { stripeCustomerId, paymentIntentId }) : undefined
  const planned = await planRefund(ctx, {
    licence,
    stripeCustomerId,
    paymentIntentId,
    amountCents,
    currency: invoice.currency,
    isWhole,
    reason: input.reason,
    ...(failed === undefined ? {} : { failed }),
    ...(input.askedAs === undefined ? {} : { askedAs: input.askedAs }),
  })
  const refund = await sendRefund(ctx, planned)
  await syncCustomer(ctx, { stripeCustomerId })
  if (refund.state === 'failed') throw BillingFailure.refund_refused('Stripe does not give this payment back.')
  return refund
}

async function paymentOf(
  ctx: BillingCtx,
  licence: Licence,
  stripeCustomerId: string,
): Promise<{ readonly invoice: InvoiceTruth; readonly charge: ChargeTruth & { readonly paymentIntentId: string } }> {
  const truth = await fetchTruth(ctx, { stripeCustomerId, sessionIds: [] })
  const { current } = chooseSubscription(licence, truth.subscriptions)
  const invoice = current === undefined ? undefined : lastPaid(current)
  const charge = invoice?.charges.find(({ amountCents, refundedCents }) => refundedCents < amountCents)
  if (invoice === undefined || charge?.paymentIntentId === undefined)
    throw BillingFailure.nothing_to_refund('There is no payment that could be given back.')
  return { invoice, charge: { ...charge, paymentIntentId: charge.paymentIntentId } }
}
