import type Stripe from 'stripe'
import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { scheduleCancel, undoCancel } from '#control-plane/billing/cancel-licence.ts'
import type { ApiFault } from '#control-plane/billing/embedded/state/faults.ts'
import { handleStripeEvent } from '#control-plane/billing/handle-stripe-event.ts'
import { invoiceLicence } from '#control-plane/billing/invoice-licence.ts'
import { listInvoices } from '#control-plane/billing/list-invoices.ts'
import { openCheckout } from '#control-plane/billing/open-checkout.ts'
import { openPortal } from '#control-plane/billing/open-portal.ts'
import { openStripe } from '#control-plane/billing/open-stripe.ts'
import { reconcile } from '#control-plane/billing/reconcile.ts'
import { refundLicence } from '#control-plane/billing/refund-licence.ts'
import { syncCustomer } from '#control-plane/billing/sync-customer.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { updateLicensee } from '#control-plane/core/licensee/update-licensee.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { type Call, recordCalls } from './record-calls.ts'

export type Traffic = {
  /** Every request that billing sent, with the double's answer. */
  readonly calls: readonly Call[]
  /** Every event that the double told meanwhile. */
  readonly stripeEvents: readonly Stripe.Event[]
}

type Seller = { readonly plane: BillingPlane; readonly ctx: BillingCtx; readonly setFault: (fault: ApiFault) => void }

/** Lets billing's own verbs do everything they can do at Stripe, and keeps what went over the wire. */
export async function ourTraffic(): Promise<Traffic> {
  let refundFault: ApiFault = 'none'
  const plane = await billingPlane({
    faults: { api: ({ method, path }) => (method === 'POST' && path === '/v1/refunds' ? refundFault : 'none') },
  })
  const recorder = recordCalls(plane.double.fetch)
  const stripe = openStripe({ secretKey: 'sk_test_123', baseUrl: 'http://127.0.0.1', fetch: recorder.fetch })
  const seller: Seller = {
    plane,
    ctx: { ...plane.billing(), stripe },
    setFault(fault) {
      refundFault = fault
    },
  }
  try {
    const stripeEvents: Stripe.Event[] = []
    for (const act of [byCard, byInvoice]) {
      await act(seller)
      // They are listed for 30 days only.
      stripeEvents.push(
        ...(await plane.billing().stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })),
      )
    }
    await reconcile(seller.ctx)
    return { calls: recorder.calls, stripeEvents }
  } finally {
    await plane.platform.close()
  }
}

/** Bought at the checkout, cancelled and kept, disputed, refunded with an answer that fails. */
async function byCard({ plane, ctx, setFault }: Seller): Promise<void> {
  const { licenceId, licenseeId } = await plane.licence()
  await openCheckout(ctx, { licenceId })
  const { url } = await openCheckout(ctx, { licenceId })
  await plane.pay(url, '4000000000000002')
  await plane.pay(url)
  await plane.run()
  await scheduleCancel(ctx, { licenceId })
  await undoCancel(ctx, { licenceId })
  await openPortal(ctx, { licenseeId })
  await listInvoices(ctx, { licenseeId })
  const { stripeCustomerId = '' } = await getLicensee(ctx, licenseeId)
  const [charge] = (await ctx.stripe.charges.list({ customer: stripeCustomerId })).data.filter(({ paid }) => paid)
  const disputeId = await plane.double.control.openDispute(charge?.id ?? '')
  await syncCustomer(ctx, { stripeCustomerId })
  const [told] = (await ctx.stripe.events.list({ type: 'charge.dispute.created' })).data
  await plane.double.tick()
  await handleStripeEvent(ctx, { stripeEventId: told?.id ?? '' })
  await plane.double.control.closeDispute(disputeId, 'won')
  await plane.run()
  await updateLicensee(ctx, { licenseeId, change: { billingEmail: 'accounts@example.com' } })
  await refundLicence(ctx, { licenceId, reason: 'a gesture', amountCents: 500 })
  setFault('after')
  await refundLicence(ctx, { licenceId, reason: 'unclear', amountCents: 700 }).catch(() => undefined)
  setFault('none')
  await syncCustomer(ctx, { stripeCustomerId })
}

/** A checkout given up for an invoice, which is not paid in time and cancelled. */
async function byInvoice({ plane, ctx }: Seller): Promise<void> {
  const { licenceId } = await plane.licence({ domainName: 'meet.example.com', isTrusted: true })
  await openCheckout(ctx, { licenceId })
  await invoiceLicence(ctx, { licenceId, poNumber: 'PO-7' })
  await plane.run(31)
  await scheduleCancel(ctx, { licenceId })
}
