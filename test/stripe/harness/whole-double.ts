import type Stripe from 'stripe'
import { createStripeDouble, type StripeDouble } from '#control-plane/billing/embedded/stripe-double.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { buyLicence, idOf, openSession, post, sellLicences, typedCard } from './buy.ts'
import type { Traffic } from './our-traffic.ts'
import { recordCalls } from './record-calls.ts'
import { stripeOn } from './test-double.ts'

type Scene = {
  readonly stripe: Stripe
  readonly double: StripeDouble
  readonly priceId: string
  readonly productId: string
  readonly goOn: (seconds: number) => Promise<void>
}

/** Everything that the double answers, also what billing never asks. */
export async function wholeDouble(): Promise<Traffic> {
  const platform = await createMemoryPlatform()
  const { clock, ids, log } = platform
  const double = createStripeDouble({ table: platform.tableOf('stripe'), clock, ids, log })
  const recorder = recordCalls(double.fetch)
  const stripe = stripeOn({ fetch: (request) => recorder.fetch(request) })
  const stripeEvents: Stripe.Event[] = []
  async function collect(): Promise<void> {
    stripeEvents.push(...(await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })))
  }
  try {
    const scene: Scene = {
      stripe,
      double,
      ...(await sellLicences(stripe)),
      async goOn(seconds) {
        // Events are listed for 30 days only.
        await collect()
        clock.advance(seconds)
        await double.tick()
        await collect()
      },
    }
    for (const act of [catalogue, customers, cards, invoicing, dunning, moneyBack, checkouts]) await act(scene)
    await scene.goOn(0)
    await stripe.events.retrieve(stripeEvents.at(-1)?.id ?? '')
    return { calls: recorder.calls, stripeEvents }
  } finally {
    await platform.close()
  }
}

async function catalogue({ stripe, priceId, productId }: Scene): Promise<void> {
  await stripe.products.retrieve(productId)
  await stripe.products.update(productId, { description: 'A year' })
  await stripe.products.list({ active: true, ids: [productId] })
  await stripe.prices.retrieve(priceId)
  await stripe.prices.update(priceId, { nickname: 'yearly' })
  await stripe.prices.list({ product: productId, type: 'recurring' })
}

async function customers({ stripe }: Scene): Promise<void> {
  const { id } = await stripe.customers.create({
    name: 'Example Ltd',
    address: { country: 'DE', line1: '1 High Street' },
    tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
  })
  await stripe.customers.update(id, { metadata: { a: 'b' }, invoice_settings: { footer: 'thanks' } })
  const taxId = await stripe.customers.createTaxId(id, { type: 'gb_vat', value: 'GB123456789' })
  await stripe.customers.listTaxIds(id)
  await stripe.customers.deleteTaxId(id, taxId.id)
  await stripe.customers.list({ email: 'buyer@example.com' })
  await stripe.customers.search({ query: 'metadata["a"]:"b"' })
  await stripe.customers.retrieve(id, { expand: ['tax_ids', 'subscriptions'] })
  await stripe.customers.del(id)
  await stripe.customers.retrieve(id)
  await stripe.tax.settings.retrieve()
  await stripe.tax.registrations.create({
    country: 'DE',
    active_from: 'now',
    country_options: { de: { type: 'standard' } },
  })
  await stripe.tax.registrations.list({ status: 'active' })
}

async function cards({ stripe, double, priceId, goOn }: Scene): Promise<void> {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Date.UTC(2028, 1, 29) / 1000, name: 'leap' })
  const { id } = await stripe.customers.create({ test_clock: clock.id })
  const made = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
  await stripe.paymentMethods.attach(made.id, { customer: id })
  await stripe.paymentMethods.retrieve(made.id)
  await stripe.paymentMethods.list({ customer: id, type: 'card' })
  await stripe.customers.listPaymentMethods(id)
  const subscription = await stripe.subscriptions.create({
    customer: id,
    items: [{ price: priceId }],
    default_payment_method: made.id,
  })
  await double.control.renewCard(made.id, { expMonth: 1, expYear: 2040 })
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: Date.UTC(2029, 2, 1) / 1000 })
  await goOn(0)
  await stripe.testHelpers.testClocks.retrieve(clock.id)
  await stripe.testHelpers.testClocks.list()
  await stripe.subscriptions.cancel(subscription.id)
  await stripe.paymentMethods.detach(made.id)
  const { url } = await stripe.billingPortal.sessions.create({ customer: id, return_url: 'http://127.0.0.1:9/' })
  await post(double, `${new URL(url).pathname}/card`, typedCard())
}

async function invoicing({ stripe, priceId, goOn }: Scene): Promise<void> {
  const { id } = await stripe.customers.create({ name: 'Example Ltd' })
  const sent = async () => {
    const { latest_invoice: invoice, id: subscriptionId } = await stripe.subscriptions.create({
      customer: id,
      items: [{ price: priceId }],
      collection_method: 'send_invoice',
      days_until_due: 30,
    })
    return { invoiceId: idOf(invoice), subscriptionId }
  }
  const [a, b, c] = [await sent(), await sent(), await sent()]
  await stripe.invoices.update(a.invoiceId, { metadata: { po: '7' } })
  await stripe.invoices.sendInvoice(a.invoiceId)
  await stripe.invoices.pay(a.invoiceId, { paid_out_of_band: true })
  await stripe.invoices.finalizeInvoice(b.invoiceId)
  await stripe.invoices.markUncollectible(b.invoiceId)
  await stripe.invoices.finalizeInvoice(c.invoiceId)
  await goOn(31 * 86_400)
  await stripe.invoices.voidInvoice(c.invoiceId)
  await stripe.invoices.createPreview({ subscription: a.subscriptionId })
  await stripe.invoices.list({ subscription: a.subscriptionId, status: 'paid' })
  const payments = await stripe.invoicePayments.list({ invoice: b.invoiceId })
  await stripe.invoicePayments.retrieve(payments.data[0]?.id ?? '')
  await stripe.invoices.retrieve(b.invoiceId, { expand: ['payments', 'parent.subscription_details.subscription'] })
}

async function dunning({ stripe, double, priceId, goOn }: Scene): Promise<void> {
  const { subscriptionId } = await buyLicence(
    { stripe, double },
    { priceId, number: '4000000000000341', expiry: '12 / 40' },
  )
  await goOn(340 * 86_400)
  await goOn(26 * 86_400)
  await stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true, metadata: { a: 'b' } })
  await stripe.subscriptions.list({ price: priceId, status: 'all' })
  await stripe.subscriptions.retrieve(subscriptionId, { expand: ['latest_invoice.payments', 'default_payment_method'] })
}

async function moneyBack({ stripe, double, priceId, goOn }: Scene): Promise<void> {
  const { customerId } = await buyLicence(
    { stripe, double },
    { priceId, number: '4000000000005126', expiry: '12 / 40' },
  )
  const [intent] = (await stripe.paymentIntents.list({ customer: customerId })).data
  await stripe.paymentIntents.retrieve(intent?.id ?? '', { expand: ['latest_charge'] })
  await stripe.charges.list({ customer: customerId, payment_intent: intent?.id ?? '' })
  const refund = await stripe.refunds.create({ payment_intent: intent?.id ?? '', amount: 500 })
  await stripe.refunds.retrieve(refund.id)
  await stripe.refunds.list({ payment_intent: intent?.id ?? '' })
  const charge = await stripe.charges.retrieve(refund.charge === null ? '' : idOf(refund.charge), {
    expand: ['refunds'],
  })
  await goOn(601)
  const disputeId = await double.control.openDispute(charge.id)
  await stripe.disputes.retrieve(disputeId)
  await stripe.disputes.list({ charge: charge.id })
  await double.control.closeDispute(disputeId, 'lost')
}

async function checkouts({ stripe, double, priceId }: Scene): Promise<void> {
  const { id } = await stripe.customers.create({ email: 'buyer@example.com' })
  const first = await openSession(stripe, id, priceId)
  await stripe.checkout.sessions.listLineItems(first.id)
  await stripe.checkout.sessions.expire(first.id)
  const second = await openSession(stripe, id, priceId)
  await post(double, `/c/pay/${second.id}`, typedCard('4000000000000002'))
  await post(double, `/c/pay/${second.id}`, typedCard('4000002500003155'))
  await post(double, `/c/pay/${second.id}/confirm`, { decision: 'confirm' })
  await stripe.checkout.sessions.retrieve(second.id, { expand: ['line_items', 'subscription'] })
  await stripe.checkout.sessions.list({ customer: id })
}
