import type Stripe from 'stripe'
import type { StripeFacts } from '#control-plane/core/licence/licence.ts'
import type { ChargeTruth, InvoiceTruth, SubscriptionTruth } from './truth.ts'

/** The shapes of API version 2026-10-28: the period is on the subscription's item, an invoice names its subscription under `parent`. */

const ms = (epochSeconds: number): number => epochSeconds * 1000

/** The id of what may have been expanded. */
export function nameOf(value: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id
}

/** Of which subscription an invoice is; undefined for one that was made by hand. */
export function nameOfSubscription(invoice: Stripe.Invoice): string | undefined {
  return nameOf(invoice.parent?.subscription_details?.subscription)
}

export function subscriptionOf(
  subscription: Stripe.Subscription,
  facts: StripeFacts,
  invoices: readonly InvoiceTruth[],
): SubscriptionTruth {
  const [item] = subscription.items.data
  const { licenceId } = subscription.metadata
  const endReason = subscription.cancellation_details?.reason
  return {
    ...(licenceId === undefined ? {} : { licenceId }),
    createdAt: ms(subscription.created),
    facts,
    periodStart: ms(item?.current_period_start ?? subscription.start_date),
    periodEnd: ms(item?.current_period_end ?? subscription.start_date),
    ...(endReason === null || endReason === undefined ? {} : { endReason }),
    invoices,
  }
}

export function factsOf(input: {
  readonly subscription: Stripe.Subscription
  readonly customer: Stripe.Customer | Stripe.DeletedCustomer
  readonly methods: readonly Stripe.PaymentMethod[]
  readonly latest: Stripe.Invoice | undefined
  readonly now: number
}): StripeFacts {
  const { subscription, customer, methods, latest } = input
  const [item] = subscription.items.data
  if (item === undefined) throw new Error(`the subscription ${subscription.id} has no item`)
  const fallback = customer.deleted === true ? null : customer.invoice_settings.default_payment_method
  const methodId = nameOf(subscription.default_payment_method) ?? nameOf(fallback)
  const paymentMethod = cardOf(methods.find((method) => method.id === methodId))
  const taxStatus = latest?.automatic_tax.status
  return {
    subscriptionId: subscription.id,
    subscriptionItemId: item.id,
    priceId: item.price.id,
    unitAmountCents: item.price.unit_amount ?? 0,
    currency: item.price.currency,
    status: subscription.status,
    isLivemode: subscription.livemode,
    collectionMethod: subscription.collection_method === 'send_invoice' ? 'send_invoice' : 'charge_automatically',
    // The portal sets the date, the API the flag: both end it.
    cancelAtPeriodEnd: subscription.cancel_at_period_end || subscription.cancel_at !== null,
    ...(latest === undefined ? {} : { latestInvoice: latestOf(latest) }),
    ...(paymentMethod === undefined ? {} : { paymentMethod }),
    ...(taxStatus === null || taxStatus === undefined ? {} : { taxStatus }),
    fetchedAt: input.now,
  }
}

function latestOf(invoice: Stripe.Invoice): NonNullable<StripeFacts['latestInvoice']> {
  const { id, status, hosted_invoice_url, attempt_count, next_payment_attempt } = invoice
  return {
    invoiceId: id,
    status: status ?? 'draft',
    ...(hosted_invoice_url === null || hosted_invoice_url === undefined ? {} : { hostedUrl: hosted_invoice_url }),
    attempts: attempt_count,
    ...(next_payment_attempt === null ? {} : { nextAttemptAt: ms(next_payment_attempt) }),
  }
}

function cardOf(method: Stripe.PaymentMethod | undefined): StripeFacts['paymentMethod'] | undefined {
  const card = method?.card
  if (card === undefined) return undefined
  return { brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year }
}

/** `charges`: all of the customer; those of this invoice's payments are taken. */
export function invoiceOf(invoice: Stripe.Invoice, charges: readonly ChargeTruth[]): InvoiceTruth {
  const payments = (invoice.payments?.data ?? [])
    .filter(({ status }) => status === 'paid')
    .map(({ payment }) => payment)
  const intents = payments.map(({ payment_intent }) => nameOf(payment_intent))
  const direct = payments.map(({ charge }) => nameOf(charge))
  const lines = invoice.lines.data.filter(({ parent }) => parent?.type === 'subscription_item_details')
  const { paid_at } = invoice.status_transitions
  return {
    invoiceId: invoice.id,
    status: invoice.status ?? 'draft',
    periodStart: ms(Math.min(...lines.map(({ period }) => period.start), invoice.period_end)),
    periodEnd: ms(Math.max(...lines.map(({ period }) => period.end), 0)),
    createdAt: ms(invoice.created),
    ...(paid_at === null ? {} : { paidAt: ms(paid_at) }),
    ...(invoice.due_date === null ? {} : { dueAt: ms(invoice.due_date) }),
    amountPaidCents: invoice.amount_paid,
    currency: invoice.currency,
    attempts: invoice.attempt_count,
    ...(invoice.next_payment_attempt === null ? {} : { nextAttemptAt: ms(invoice.next_payment_attempt) }),
    charges: charges.filter(
      ({ chargeId, paymentIntentId }) =>
        direct.includes(chargeId) || (paymentIntentId !== undefined && intents.includes(paymentIntentId)),
    ),
  }
}
