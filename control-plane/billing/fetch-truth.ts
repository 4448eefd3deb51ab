import type Stripe from 'stripe'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { isRefusal } from './idempotency.ts'
import { factsOf, invoiceOf, nameOf, nameOfSubscription, subscriptionOf } from './read-stripe.ts'
import type { ChargeTruth, CustomerTruth } from './truth.ts'

/** More than a licensee with hundreds of licences has in ten years; beyond it something is wrong. */
const OBJECTS_MAX = 10_000
const PAGE = 100

/**
 * Asks Stripe for all that one customer's licences depend on: subscriptions, invoices with their charges and disputes, payment methods,
 * and the named Checkout Sessions. Throws `billing.wrong_mode` for objects of the other mode.
 */
export async function fetchTruth(
  ctx: BillingCtx,
  input: { readonly stripeCustomerId: string; readonly sessionIds: readonly string[] },
): Promise<CustomerTruth> {
  const { stripe } = ctx
  const customer = input.stripeCustomerId
  const all = { limit: OBJECTS_MAX }
  // Sessions first: one that is completed later is still open here, one that was completed has its subscription in what follows.
  const sessions = await Promise.all(input.sessionIds.map((sessionId) => stripe.checkout.sessions.retrieve(sessionId)))
  const [holder, methods, subscriptions, invoices, charges] = await Promise.all([
    stripe.customers.retrieve(customer),
    paymentMethods(stripe, customer),
    stripe.subscriptions.list({ customer, status: 'all', limit: PAGE }).autoPagingToArray(all),
    stripe.invoices.list({ customer, limit: PAGE, expand: ['data.payments'] }).autoPagingToArray(all),
    stripe.charges.list({ customer, limit: PAGE }).autoPagingToArray(all),
  ])
  if (subscriptions.some(({ livemode }) => livemode !== ctx.stripeSettings.isLivemode))
    throw BillingFailure.wrong_mode('Stripe answered with objects of the other mode.')
  const chargeTruths = await Promise.all(
    charges.filter(({ paid }) => paid).map((charge) => chargeTruth(stripe, charge)),
  )
  const invoiceTruths = invoices.map((invoice) => ({
    subscriptionId: nameOfSubscription(invoice),
    truth: invoiceOf(invoice, chargeTruths),
  }))
  return {
    subscriptions: subscriptions.map((subscription) => {
      const own = invoiceTruths.filter(({ subscriptionId }) => subscriptionId === subscription.id)
      const latestId = nameOf(subscription.latest_invoice)
      const latest = invoices.find((invoice) => invoice.id === latestId)
      const facts = factsOf({ subscription, customer: holder, methods, latest, now: ctx.clock.now() })
      return subscriptionOf(
        subscription,
        facts,
        own.map(({ truth }) => truth),
      )
    }),
    sessions: new Map(sessions.map(({ id, status }) => [id, sessionStatus(status)])),
  }
}

/** None once the customer is deleted: Stripe detaches them with him. */
async function paymentMethods(stripe: Stripe, customer: string): Promise<readonly Stripe.PaymentMethod[]> {
  try {
    return (await stripe.customers.listPaymentMethods(customer, { limit: PAGE })).data
  } catch (error) {
    if (!isRefusal(error)) throw error
    return []
  }
}

async function chargeTruth(stripe: Stripe, charge: Stripe.Charge): Promise<ChargeTruth> {
  const { id, amount, amount_refunded, payment_intent, disputed } = charge
  const disputes = disputed ? (await stripe.disputes.list({ charge: id, limit: 1 })).data : []
  const [dispute] = disputes
  const paymentIntentId = typeof payment_intent === 'string' ? payment_intent : payment_intent?.id
  return {
    chargeId: id,
    ...(paymentIntentId === undefined ? {} : { paymentIntentId }),
    amountCents: amount,
    refundedCents: amount_refunded,
    ...(dispute === undefined
      ? {}
      : { dispute: { disputeId: dispute.id, status: dispute.status, reason: dispute.reason } }),
  }
}

function sessionStatus(status: Stripe.Checkout.Session['status']): 'open' | 'complete' | 'expired' {
  if (status === 'complete') return 'complete'
  return status === 'expired' ? 'expired' : 'open'
}
