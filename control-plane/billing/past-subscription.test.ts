import { afterEach, expect, it } from 'vitest'
import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { invoiceLicence } from './invoice-licence.ts'
import { openCheckout } from './open-checkout.ts'
import { refundLicence } from './refund-licence.ts'
import { syncCustomer } from './sync-customer.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

/** A licence that was bought, and its customer. */
async function bought() {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url)
  await plane.run()
  const [customer] = (await plane.billing().stripe.customers.list({})).data
  return { licenceId, stripeCustomerId: customer?.id ?? '' }
}

const endsAt = Date.UTC(2030, 0, 1)

it('that was given back does not take away a licence that was given without charge since', async () => {
  const { licenceId, stripeCustomerId } = await bought()
  await refundLicence(plane.billing(), { licenceId, reason: 'becomes a partner' })
  await plane.run()
  await grantComplimentary(plane.billing(), { licenceId, endsAt, reason: 'partner' })
  await syncCustomer(plane.billing(), { stripeCustomerId })
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', billing: 'complimentary', paidThrough: endsAt })
})

it('that has run out does not shorten a licence that was given without charge since', async () => {
  const { licenceId, stripeCustomerId } = await bought()
  const { stripe } = plane.billing()
  const [subscription] = (await stripe.subscriptions.list({})).data
  await stripe.subscriptions.update(subscription?.id ?? '', { cancel_at_period_end: true })
  await plane.run()
  plane.platform.clock.set(Date.UTC(2027, 2, 3, 9))
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'suspended' })
  await grantComplimentary(plane.billing(), { licenceId, endsAt, reason: 'partner' })
  await syncCustomer(plane.billing(), { stripeCustomerId })
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', billing: 'complimentary', paidThrough: endsAt })
})

it('that still runs is not invoiced once more', async () => {
  const { licenceId } = await bought()
  await expect(invoiceLicence(plane.billing(), { licenceId })).rejects.toMatchObject({ code: 'licence.wrong_state' })
  expect((await plane.billing().stripe.invoices.list({})).data).toHaveLength(1)
})
