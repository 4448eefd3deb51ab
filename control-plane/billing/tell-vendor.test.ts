import { afterEach, expect, it } from 'vitest'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'
import { nameOf } from './read-stripe.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

const DAY_MS = 86_400_000

it('money that comes for a licence that has just expired is told of, not lost; only a new purchase revives it', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const ctx = plane.billing()
  const { url } = await openCheckout(ctx, { licenceId })
  await plane.pay(url, '4000000000000341')
  await plane.run()
  for (const days of [365, 20, 30]) {
    plane.platform.clock.advance(days * 86_400)
    await plane.run()
  }
  const { state, suspendedAt = 0 } = await plane.read(licenceId)
  expect(state).toBe('suspended')

  // The clock ends it; before billing has closed the invoice, somebody pays it.
  plane.platform.clock.set(suspendedAt + 60 * DAY_MS)
  await lookAtLicence(ctx, { licenceId })
  const [subscription] = (await ctx.stripe.subscriptions.list({ status: 'all' })).data
  const customer = nameOf(subscription?.customer) ?? ''
  const open = (await ctx.stripe.invoices.list({ customer, status: 'open' })).data
  await ctx.stripe.invoices.pay(open[0]?.id ?? '', { paid_out_of_band: true })
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'expired' })
  const told = 'calendar.example.com was paid after its licence had ended'
  expect((await plane.subjects()).filter((subject) => subject === told)).toHaveLength(1)

  const again = await openCheckout(ctx, { licenceId })
  await plane.pay(again.url)
  await plane.run()
  const revived = await plane.read(licenceId)
  expect(revived).toMatchObject({ state: 'active', periodStart: plane.platform.clock.now() })
  expect(revived.stripe?.subscriptionId).not.toBe(subscription?.id)
})
