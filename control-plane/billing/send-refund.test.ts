import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { faultAtVerb, withFaults } from '#test/harness/platform/faults.ts'
import { openCheckout } from './open-checkout.ts'
import { planRefund } from './plan-refund.ts'
import { nameOf } from './read-stripe.ts'
import { Refund, refundKey } from './refund.ts'
import { refundLicence } from './refund-licence.ts'
import { sendRefund } from './send-refund.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

/** A whole refund in its row, of which nobody has told Stripe. */
async function planned(): Promise<Refund> {
  plane = await billingPlane()
  const licence = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId: licence.licenceId })
  await plane.pay(url)
  await plane.run()
  const ctx = plane.billing()
  const [charge] = (await ctx.stripe.charges.list({})).data
  return planRefund(ctx, {
    licence: await plane.read(licence.licenceId),
    stripeCustomerId: nameOf(charge?.customer) ?? '',
    paymentIntentId: nameOf(charge?.payment_intent) ?? '',
    amountCents: 99_500,
    currency: 'usd',
    isWhole: true,
    reason: 'asked',
  })
}

const atStripe = async () => (await plane.billing().stripe.refunds.list({})).data

it('is asked for twice, and is one', async () => {
  const first = await planned()
  const { licenceId } = first
  const again = await planRefund(plane.billing(), { ...first, licence: await plane.read(licenceId) })
  expect(again.refundId).toBe(first.refundId)
  expect(await sendRefund(plane.billing(), first)).toMatchObject({ state: 'done' })
  expect(await atStripe()).toMatchObject([{ metadata: { refundId: first.refundId } }])
})

it('of which nothing was heard for more than a day is looked up, not sent again', async () => {
  const whole = await planned()
  const part: Refund = { ...whole, amountCents: 10_000, isWhole: false }
  const licence = await plane.read(whole.licenceId)
  const refund = await planRefund(plane.billing(), { ...part, licence })
  // Dies when Stripe has answered, before the answer is written.
  const ports = withFaults(plane.platform, faultAtVerb('table', 'write', 2, 'crash_before'))
  await expect(sendRefund(plane.billing({ ports }), refund)).rejects.toThrow('dead')
  expect(await atStripe()).toMatchObject([{ amount: 10_000 }])
  // Keys are forgotten by now, and what is left of the payment would allow it nine times.
  plane.platform.clock.advance(2 * 86_400)
  const found = Refund.parse(await plane.platform.table.get(refundKey(refund)))
  expect(found).toMatchObject({ state: 'planned', askedAt: expect.any(Number) })
  expect(await sendRefund(plane.billing(), found)).toMatchObject({ state: 'done', keyNumber: 0 })
  expect(await atStripe()).toMatchObject([{ amount: 10_000, metadata: { refundId: refund.refundId } }])
})

it('that never reached Stripe is sent again by itself, when its row is due', async () => {
  const refund = await planned()
  plane.platform.clock.advance(3 * 86_400)
  await plane.run()
  expect(await atStripe()).toMatchObject([{ metadata: { refundId: refund.refundId }, amount: 99_500 }])
})

it('a person is told when the bank does not take it', async () => {
  plane = await billingPlane()
  const licence = await plane.licence()
  const ctx = plane.billing()
  const { url } = await openCheckout(ctx, { licenceId: licence.licenceId })
  await plane.pay(url, '4000000000005126')
  await plane.run()
  const [charge] = (await ctx.stripe.charges.list({})).data
  await ctx.stripe.refunds.create({ payment_intent: nameOf(charge?.payment_intent) ?? '' })
  await plane.run(10)
  expect(await plane.subjects()).toContain('A refund has failed')
})

it('of a part is one, however often the same asking comes', async () => {
  const first = await planned()
  const { licenceId } = first
  await plane.platform.table.write({ kind: 'delete', key: refundKey(first) })
  const asking = { licenceId, reason: 'half', amountCents: 49_750, askedAs: 'key-1' }
  // Dies when the row is written, before Stripe is asked.
  const ports = withFaults(plane.platform, faultAtVerb('table', 'transact', 1, 'crash_after'))
  await expect(refundLicence(plane.billing({ ports }), asking)).rejects.toThrow('dead')
  plane.platform.clock.advance(120)
  await plane.run()
  await refundLicence(plane.billing(), asking)
  await plane.run()
  expect(await atStripe()).toMatchObject([{ amount: 49_750 }])
  await refundLicence(plane.billing(), { ...asking, askedAs: 'key-2' })
  expect(await atStripe()).toHaveLength(2)
})

it('of the whole that came back from the bank can be had again, and is not taken for done', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const ctx = plane.billing()
  const { url } = await openCheckout(ctx, { licenceId })
  await plane.pay(url, '4000000000005126')
  await plane.run()
  const [first] = await refundLicence(ctx, { licenceId, reason: 'asked', askedAs: 'key-1' })
  plane.platform.clock.advance(3600)
  await plane.run()
  expect(await atStripe()).toMatchObject([{ status: 'failed' }])
  const [second] = await refundLicence(ctx, { licenceId, reason: 'asked', askedAs: 'key-1' })
  expect(second?.refundId).not.toBe(first?.refundId)
  expect(await atStripe()).toHaveLength(2)
})
