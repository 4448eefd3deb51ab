import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { customerPartition } from './customer.ts'
import { openCheckout } from './open-checkout.ts'
import { nameOf } from './read-stripe.ts'
import { syncCustomer } from './sync-customer.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

it('is paid back also when its money comes after it was cancelled', async () => {
  plane = await billingPlane({ isDelivered: (type) => type === 'checkout.session.completed' })
  const { licenceId } = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url)
  await plane.run()
  const { stripe } = plane.billing()
  const [first] = (await stripe.subscriptions.list({})).data
  const customer = nameOf(first?.customer) ?? ''
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer })
  const second = await stripe.subscriptions.create({
    customer,
    items: [{ price: first?.items.data[0]?.price.id ?? '' }],
    default_payment_method: method.id,
    metadata: { licenceId },
  })
  // As a double is found whose bank debit is still under way: noted and cancelled, nothing to give back yet.
  await stripe.subscriptions.cancel(second.id)
  const key = { pk: customerPartition(customer), sk: `duplicate#${second.id}` }
  await plane.platform.table.write({
    kind: 'put',
    item: { ...key, subscriptionId: second.id, licenceId, state: 'done' },
  })
  await syncCustomer(plane.billing(), { stripeCustomerId: customer })
  await syncCustomer(plane.billing(), { stripeCustomerId: customer })
  expect((await stripe.refunds.list({})).data.map(({ amount }) => amount)).toEqual([99_500])
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', stripe: { subscriptionId: first?.id } })
})
