import { afterEach, describe, expect, it } from 'vitest'
import { buyLicence, sellLicences } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type TestDouble } from '#test/stripe/harness/test-double.ts'

let test: TestDouble
afterEach(() => test.close())

describe('money that goes back', () => {
  it('is refunded in parts, never more than was paid', async () => {
    test = await createTestDouble()
    const { stripe } = test
    const { priceId } = await sellLicences(stripe)
    const { customerId } = await buyLicence(test, { priceId })
    const { data: intents } = await stripe.paymentIntents.list({ customer: customerId })
    const intent = intents[0]?.id ?? ''
    const part = await stripe.refunds.create({ payment_intent: intent, amount: 500, metadata: { refundId: 'rfd_1' } })
    expect(part).toMatchObject({ status: 'succeeded', amount: 500 })
    await expect(stripe.refunds.create({ payment_intent: intent, amount: 99_500 })).rejects.toThrow('greater than')
    await stripe.refunds.create({ payment_intent: intent })
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    })
    expect((await stripe.charges.list({ customer: customerId })).data[0]).toMatchObject({
      refunded: true,
      amount_refunded: 99_500,
    })
    expect((await stripe.refunds.list({ payment_intent: intent })).data.map(({ amount }) => amount)).toEqual([
      99_000, 500,
    ])
  })

  it.each([
    ['4000000000007726', 'pending', 'succeeded', 99_500],
    ['4000000000005126', 'succeeded', 'failed', 0],
  ])('to the card %s is %s and then %s', async (number, first, last, refunded) => {
    test = await createTestDouble()
    const { priceId } = await sellLicences(test.stripe)
    const { customerId } = await buyLicence(test, { priceId, number })
    const { data } = await test.stripe.charges.list({ customer: customerId })
    const { id, status } = await test.stripe.refunds.create({ charge: data[0]?.id ?? '' })
    expect(status).toBe(first)
    test.clock.advance(600)
    await test.double.tick()
    expect((await test.stripe.refunds.retrieve(id)).status).toBe(last)
    expect((await test.stripe.charges.retrieve(data[0]?.id ?? '')).amount_refunded).toBe(refunded)
  })

  it('is disputed by a bank, which decides', async () => {
    test = await createTestDouble()
    const { priceId } = await sellLicences(test.stripe)
    await buyLicence(test, { priceId })
    const { data } = await test.stripe.charges.list()
    const disputeId = await test.double.control.openDispute(data[0]?.id ?? '')
    expect(await test.stripe.disputes.retrieve(disputeId)).toMatchObject({ status: 'needs_response', amount: 99_500 })
    await test.double.control.closeDispute(disputeId, 'won')
    await test.double.control.closeDispute(disputeId, 'won')
    expect((await test.types()).slice(-4)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ])
  })
})
