import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buyLicence, open, post, sellLicences, typedCard } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type TestDouble } from '#test/stripe/harness/test-double.ts'

let test: TestDouble
let subscriptionId: string
let customerId: string
let path: string
beforeEach(async () => {
  test = await createTestDouble()
  const { priceId } = await sellLicences(test.stripe)
  ;({ subscriptionId, customerId } = await buyLicence(test, { priceId }))
  const { url } = await test.stripe.billingPortal.sessions.create({
    customer: customerId,
    return_url: 'http://127.0.0.1:9/licences',
  })
  path = new URL(url).pathname
})
afterEach(() => test.close())

describe('the customer portal', () => {
  it('shows subscription, card and invoices, and the way back', async () => {
    const { text } = await open(test.double, path)
    for (const words of [
      'Renews on 2 March 2027',
      'Visa ending in 4242',
      '-0001',
      'http://127.0.0.1:9/licences',
      '$995.00',
    ])
      expect(text).toContain(words)
  })

  it('cancels at the period’s end, and takes that back', async () => {
    await post(test.double, `${path}/cancel`, { subscription: subscriptionId })
    expect((await open(test.double, path)).text).toContain('Ends on 2 March 2027')
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).cancel_at_period_end).toBe(true)
    await post(test.double, `${path}/keep`, { subscription: subscriptionId })
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).cancel_at_period_end).toBe(false)
  })

  it('changes the card for all that is to come, but not to one that is declined', async () => {
    expect((await post(test.double, `${path}/card`, typedCard('4000000000000002'))).status).toBe(402)
    expect((await post(test.double, `${path}/card`, typedCard('5555555555554444'))).status).toBe(303)
    const { default_payment_method: method } = await test.stripe.subscriptions.retrieve(subscriptionId, {
      expand: ['default_payment_method'],
    })
    expect(method).toMatchObject({ card: { brand: 'mastercard', last4: '4444' } })
    expect((await test.stripe.customers.listPaymentMethods(customerId)).data).toHaveLength(2)
  })

  it('changes where invoices go, with what is typed shown as text', async () => {
    await post(test.double, `${path}/details`, { name: '<b>Buyer</b>', email: 'pay@example.com' })
    expect((await open(test.double, path)).text).toContain('&lt;b&gt;Buyer&lt;/b&gt;')
    expect(await test.stripe.customers.retrieve(customerId)).toMatchObject({ email: 'pay@example.com' })
  })

  it('knows nothing of another customer’s subscription, and ends after an hour', async () => {
    const { data } = await test.stripe.prices.list()
    const other = await buyLicence(test, { priceId: data[0]?.id ?? '' })
    expect((await post(test.double, `${path}/cancel`, { subscription: other.subscriptionId })).status).toBe(404)
    expect((await test.stripe.subscriptions.retrieve(other.subscriptionId)).cancel_at_period_end).toBe(false)
    test.clock.advance(3601)
    expect((await open(test.double, path)).status).toBe(404)
  })

  it('and the control page opens and closes a dispute', async () => {
    const { data } = await test.stripe.charges.list()
    await post(test.double, '/double/dispute', { object: data[0]?.id ?? '' })
    await post(test.double, '/double/dispute', { object: data[0]?.id ?? '' })
    const { data: disputes } = await test.stripe.disputes.list()
    expect(disputes).toHaveLength(1)
    expect((await open(test.double, '/double')).text).toContain('needs_response')
    await post(test.double, '/double/dispute/lost', { object: disputes[0]?.id ?? '' })
    expect((await test.stripe.disputes.retrieve(disputes[0]?.id ?? '')).status).toBe('lost')
  })
})
