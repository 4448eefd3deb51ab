import { afterEach, expect, it } from 'vitest'
import { updateLicensee } from '#control-plane/core/licensee/update-licensee.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

async function bought() {
  plane = await billingPlane()
  const licence = await plane.licence()
  const { url } = await openCheckout(plane.billing(), licence)
  await plane.pay(url)
  await plane.run()
  const [customer] = (await plane.billing().stripe.customers.list({})).data
  return { ...licence, stripeCustomerId: customer?.id ?? '' }
}

it('who was deleted at Stripe can pay again as another', async () => {
  const { licenceId, stripeCustomerId } = await bought()
  const { stripe } = plane.billing()
  await stripe.customers.del(stripeCustomerId)
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', isCancelScheduled: true })
  plane.platform.clock.set(Date.UTC(2027, 2, 3, 9))
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'suspended' })
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url)
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: Date.UTC(2028, 2, 3, 9) })
  expect((await stripe.customers.list({})).data).toHaveLength(1)
})

it('gets his invoices where the licensee wants them since', async () => {
  const { licenseeId, stripeCustomerId } = await bought()
  await updateLicensee(plane.billing(), { licenseeId, change: { billingEmail: 'accounts@example.com' } })
  await plane.run()
  const { stripe } = plane.billing()
  expect(await stripe.customers.retrieve(stripeCustomerId)).toMatchObject({ email: 'accounts@example.com' })
  // What the payer writes in the portal stays.
  await stripe.customers.update(stripeCustomerId, { email: 'payer@example.com' })
  await plane.run()
  expect(await stripe.customers.retrieve(stripeCustomerId)).toMatchObject({ email: 'payer@example.com' })
})
