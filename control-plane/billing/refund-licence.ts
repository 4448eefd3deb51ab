import { DAY_MS } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { LicenceFailure } from '#control-plane/core/licence/licence.ts'
import { moverOf } from '#control-plane/core/licence/licence-event.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { chooseSubscription } from './choose-subscription.ts'
import { fetchTruth } from './fetch-truth.ts'
import type { Refund } from './refund.ts'
import { sendRefund } from './send-refund.ts'
import { type Payment, shareOut } from './share-out.ts'
import { syncCustomer } from './sync-customer.ts'
import { type InvoiceTruth, lastPaid } from './truth.ts'

/**
 * Gives what was paid last back, or a part of it, in however many payments it came: a licensee the whole within the days the vendor grants,
 * the vendor's admin any time. What is given back whole ends the licence. Throws `billing.nothing_to_refund`, `billing.refund_period_over`, `billing.refund_refused`, `licence.wrong_state`.
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
): Promise<readonly Refund[]> {
  const licence = await getLicence(ctx, input.licenceId)
  const mover = moverOf(ctx.actor)
  if (mover !== 'owner' && mover !== 'vendor_admin') throw LicenceFailure.wrong_state('This is not yours to do.')
  const { stripeCustomerId } = await getLicensee(ctx, licence.licenseeId)
  if (stripeCustomerId === undefined) throw BillingFailure.nothing_to_refund('Nothing was paid yet.')
  const { invoice, payments } = await paymentsOf(ctx, licence, stripeCustomerId)
  const left = payments.reduce((sum, { leftCents }) => sum + leftCents, 0)
  const isInTime = ctx.clock.now() - (invoice.paidAt ?? 0) <= ctx.licenceSettings.refundDays * DAY_MS
  if (mover === 'owner' && (!isInTime || (input.amountCents ?? left) !== left))
    throw BillingFailure.refund_period_over('The time in which the whole payment can be had back is over.')
  const asked = { licence, stripeCustomerId, currency: invoice.currency, reason: input.reason }
  const parts = await shareOut(ctx, { ...input, ...asked, payments })
  const refunds: Refund[] = []
  for (const planned of parts) refunds.push(await sendRefund(ctx, planned))
  await syncCustomer(ctx, { stripeCustomerId })
  if (refunds.some(({ state }) => state === 'failed'))
    throw BillingFailure.refund_refused('Stripe does not give all of this payment back.')
  return refunds
}

async function paymentsOf(
  ctx: BillingCtx,
  licence: Licence,
  stripeCustomerId: string,
): Promise<{ readonly invoice: InvoiceTruth; readonly payments: readonly Payment[] }> {
  const truth = await fetchTruth(ctx, { stripeCustomerId, sessionIds: [] })
  const { current } = chooseSubscription(licence, truth.subscriptions)
  const invoice = current === undefined ? undefined : lastPaid(current)
  const payments = (invoice?.charges ?? []).flatMap(({ paymentIntentId, amountCents, refundedCents }) =>
    paymentIntentId === undefined ? [] : [{ paymentIntentId, amountCents, leftCents: amountCents - refundedCents }],
  )
  if (invoice === undefined || payments.length === 0)
    throw BillingFailure.nothing_to_refund('There is no payment that could be given back.')
  return { invoice, payments }
}
