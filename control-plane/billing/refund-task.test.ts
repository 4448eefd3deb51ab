import { afterEach, describe, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { listRefunds } from './list-refunds.ts'
import { openCheckout } from './open-checkout.ts'
import { planRefund } from './plan-refund.ts'
import { nameOf } from './read-stripe.ts'
import { refundLicence } from './refund-licence.ts'
import { retryRefund } from './retry-refund.ts'
import { sendRefund } from './send-refund.ts'
import { settleRefund } from './settle-refund.ts'

/** Its refund is taken, and comes back from the bank later (https://docs.stripe.com/testing#refunds). */
const ASYNC_FAILURE = '4000000000005126'

let plane: BillingPlane
afterEach(() => plane.platform.close())

async function paid(card?: string) {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url, card)
  await plane.run()
  const [charge] = (await plane.billing().stripe.charges.list({})).data
  return { licenceId, paymentIntentId: nameOf(charge?.payment_intent) ?? '' }
}

const open = async () => (await listRefunds(plane.billing(), { limit: 50 })).refunds
const atStripe = async () => (await plane.billing().stripe.refunds.list({})).data

describe('a refund that the bank has sent back', () => {
  async function returned() {
    const { licenceId, paymentIntentId } = await paid(ASYNC_FAILURE)
    await refundLicence(plane.billing(), { licenceId, reason: 'asked' })
    expect(await open()).toEqual([])
    await plane.run(10)
    return { licenceId, paymentIntentId }
  }

  it('is a task of the vendor, as often as Stripe is compared', async () => {
    await returned()
    await plane.run(2)
    expect(await open()).toMatchObject([{ state: 'failed', failure: 'returned_by_bank', amountCents: 99_500 }])
  })

  it('is asked for anew under an id of its own, once when two ask', async () => {
    await returned()
    const [failed] = await open()
    const refundId = failed?.refundId ?? ''
    const both = await Promise.allSettled([1, 2].map(() => retryRefund(plane.billing(), { refundId })))
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    expect(await atStripe()).toHaveLength(2)
    await expect(retryRefund(plane.billing(), { refundId })).rejects.toMatchObject({ code: 'billing.no_refund' })
  })

  it('is over when a person says how it was settled, and says so once', async () => {
    await returned()
    const refundId = (await open())[0]?.refundId ?? ''
    expect(await settleRefund(plane.billing(), { refundId, reason: 'by wire' })).toMatchObject({ state: 'settled' })
    expect(await open()).toEqual([])
    await expect(settleRefund(plane.billing(), { refundId, reason: 'again' })).rejects.toMatchObject({
      code: 'billing.no_refund',
    })
    await plane.run(3)
    expect(await open()).toEqual([])
  })
})

it('a refund that Stripe refused is done when somebody gave the money back in the Dashboard', async () => {
  const { licenceId, paymentIntentId } = await paid()
  const { stripe } = plane.billing()
  await stripe.refunds.create({ payment_intent: paymentIntentId, amount: 500 })
  // What is planned asks for more than is left, as one that was planned before somebody else gave a part back.
  const licence = await plane.read(licenceId)
  const stripeCustomerId = nameOf((await stripe.charges.list({})).data[0]?.customer) ?? ''
  const planned = await planRefund(plane.billing(), {
    licence,
    stripeCustomerId,
    paymentIntentId,
    amountCents: 99_500,
    currency: 'usd',
    isWhole: true,
    reason: 'asked',
  })
  expect(await sendRefund(plane.billing(), planned)).toMatchObject({ state: 'failed' })
  expect(await open()).toMatchObject([{ state: 'failed' }])
  expect(await plane.subjects()).not.toContain('A refund has failed')
  await stripe.refunds.create({ payment_intent: paymentIntentId, amount: 99_000 })
  await plane.run()
  expect(await open()).toEqual([])
})
