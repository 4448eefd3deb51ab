import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'
import { nameOf } from './read-stripe.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

for (const [state, upTo] of [
  ['grace', Date.UTC(2027, 3, 1, 9)],
  ['suspended', Date.UTC(2027, 4, 20, 9)],
] as const) {
  it(`what is ${state} is not taken further while a payment lies at Stripe of which nothing was heard`, async () => {
    let isDelivered = true
    plane = await billingPlane({ isDelivered: () => isDelivered })
    const { licenceId } = await plane.licence()
    await plane.pay((await openCheckout(plane.billing(), { licenceId })).url, '4000000000000341')
    await plane.run()
    for (let day = Date.UTC(2027, 1, 25, 9); day <= upTo; day += 7 * 86_400_000) {
      plane.platform.clock.set(day)
      await plane.run()
    }
    expect(await plane.read(licenceId)).toMatchObject({ state })
    isDelivered = false
    const { stripe } = plane.billing()
    const [invoice] = (await stripe.invoices.list({ limit: 1 })).data
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: nameOf(invoice?.customer) ?? '' })
    await stripe.invoices.pay(invoice?.id ?? '', { payment_method: method.id })
    plane.platform.clock.set(Date.UTC(2027, 7, 30, 9))
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: Date.UTC(2028, 2, 2, 9) })
  })
}
