import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buyLicence, idOf, open, openSession, post, sellLicences, typedCard } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type TestDouble } from '#test/stripe/harness/test-double.ts'

let test: TestDouble
let priceId: string
let customerId: string
beforeEach(async () => {
  test = await createTestDouble()
  ;({ priceId } = await sellLicences(test.stripe))
  customerId = (await test.stripe.customers.create({ email: 'buyer@example.com', metadata: { licenseeId: 'lcs_1' } }))
    .id
})
afterEach(() => test.close())

describe('a checkout', () => {
  it('is paid by a good card: subscription, paid invoice, card and a redirect with the session', async () => {
    const { stripe, double } = test
    const session = await openSession(stripe, customerId, priceId)
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 99_500,
      client_reference_id: 'lic_1',
    })
    const page = await open(double, `/c/pay/${session.id}`)
    expect(page.text).toContain('$995.00')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:9")
    const paid = await post(double, `/c/pay/${session.id}`, typedCard())
    expect(paid).toMatchObject({ status: 303, location: `http://127.0.0.1:9/paid?session=${session.id}` })

    const after = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription.latest_invoice.payments'],
    })
    expect(after).toMatchObject({ status: 'complete', payment_status: 'paid', customer: customerId, url: null })
    const { subscription } = after
    if (subscription === null || typeof subscription === 'string') throw new Error('the subscription was not expanded')
    expect(subscription).toMatchObject({
      status: 'active',
      metadata: { licenceId: 'lic_1' },
      cancel_at_period_end: false,
    })
    const [item] = subscription.items.data
    expect(item?.current_period_end).toBe(Date.UTC(2027, 2, 2, 9) / 1000)
    const invoice = subscription.latest_invoice
    if (invoice === null || typeof invoice === 'string') throw new Error('the invoice was not expanded')
    expect(invoice).toMatchObject({
      status: 'paid',
      billing_reason: 'subscription_create',
      amount_paid: 99_500,
      parent: { type: 'subscription_details', subscription_details: { subscription: subscription.id } },
      payments: { data: [{ status: 'paid', payment: { type: 'payment_intent' } }] },
    })
    const method = await stripe.paymentMethods.retrieve(idOf(subscription.default_payment_method))
    expect(method).toMatchObject({
      customer: customerId,
      card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2034 },
    })
  })

  it('tells what happened in the order in which it happened', async () => {
    await buyLicence(test, { priceId })
    const types = (await test.types()).slice(3)
    expect(types).toEqual([
      'customer.created',
      'customer.updated',
      'payment_method.attached',
      'invoice.created',
      'customer.subscription.created',
      'payment_intent.created',
      'invoice.finalized',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
      'checkout.session.completed',
    ])
  })

  it('stays open when the card is declined, and is paid by another', async () => {
    const { stripe, double } = test
    const session = await openSession(stripe, customerId, priceId)
    const declined = await post(double, `/c/pay/${session.id}`, typedCard('4000000000000002'))
    expect(declined.status).toBe(402)
    expect(declined.text).toContain('Your card was declined.')
    expect(declined.text).not.toContain('4000000000000002')
    expect((await stripe.subscriptions.list({ customer: customerId, status: 'all' })).data).toEqual([])
    expect(await test.types()).toContain('payment_intent.payment_failed')
    expect((await post(double, `/c/pay/${session.id}`, typedCard())).status).toBe(303)
  })

  it.each([
    ['4242424242424241', '12 / 34', 'incorrect'],
    ['4242424242424242', '01 / 26', 'expired'],
    ['4242424242424242', 'soon', 'not a month'],
    ['4111111111111111', '12 / 34', 'Only Stripe’s test card numbers'],
  ])('refuses the card %s of %s', async (number, expiry, words) => {
    const session = await openSession(test.stripe, customerId, priceId)
    const refused = await post(test.double, `/c/pay/${session.id}`, typedCard(number, expiry))
    expect(refused.status).toBe(402)
    expect(refused.text).toContain(words)
  })

  it('asks the bank where the card wants it, and goes on or not by the answer', async () => {
    const { stripe, double } = test
    const session = await openSession(stripe, customerId, priceId)
    const path = `/c/pay/${session.id}`
    const asked = await post(double, path, typedCard('4000002500003155'))
    expect(asked.location).toBe(`${path}/confirm`)
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
    expect((await open(double, `${path}/confirm`)).text).toContain('Confirm payment')
    const refused = await post(double, `${path}/confirm`, { decision: 'refuse' })
    expect(refused.text).toContain('unable to authenticate')
    expect((await post(double, `${path}/confirm`, { decision: 'confirm' })).status).toBe(303)
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid')
  })

  it('is paid once when its form is sent twice', async () => {
    const { stripe, double } = test
    const session = await openSession(stripe, customerId, priceId)
    const answers = await Promise.all([1, 2, 3].map(() => post(double, `/c/pay/${session.id}`, typedCard())))
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303])
    expect((await stripe.subscriptions.list({ customer: customerId })).data).toHaveLength(1)
  })

  it('expires by itself and by order, and cannot be paid then', async () => {
    const { stripe, double, clock } = test
    const expiresAt = Math.floor(clock.now() / 1000) + 1800
    const first = await openSession(stripe, customerId, priceId, { expires_at: expiresAt })
    const second = await openSession(stripe, customerId, priceId)
    await stripe.checkout.sessions.expire(second.id)
    await expect(stripe.checkout.sessions.expire(second.id)).rejects.toThrow('status of `expired`')
    clock.advance(1800)
    expect((await post(double, `/c/pay/${first.id}`, typedCard())).status).toBe(410)
    const { data } = await stripe.checkout.sessions.list({ customer: customerId })
    expect(data.map(({ status }) => status)).toEqual(['expired', 'expired'])
    expect((await test.types()).filter((type) => type === 'checkout.session.expired')).toHaveLength(2)
  })

  it('takes address, business name and tax id where it is asked to, and taxes where the seller is registered', async () => {
    const { stripe, double } = test
    await stripe.tax.registrations.create({
      country: 'DE',
      active_from: 'now',
      country_options: { de: { type: 'standard' } },
    })
    const session = await openSession(stripe, customerId, priceId, {
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      customer_update: { address: 'auto', name: 'auto' },
    })
    const business = { business: 'Müller GmbH', tax_type: 'eu_vat', tax_value: 'DE123456789' }
    const wrong = await post(double, `/c/pay/${session.id}`, { ...typedCard(), ...business, tax_value: '12' })
    expect(wrong.text).toContain('Invalid value for eu_vat')
    await post(double, `/c/pay/${session.id}`, { ...typedCard(), ...business })
    const paid = await stripe.checkout.sessions.retrieve(session.id)
    expect(paid).toMatchObject({
      amount_subtotal: 99_500,
      amount_total: 118_405,
      automatic_tax: { status: 'complete' },
    })
    expect(await stripe.customers.retrieve(customerId, { expand: ['tax_ids'] })).toMatchObject({
      name: 'Müller GmbH',
      address: { country: 'DE', city: 'Berlin' },
      tax_ids: { data: [{ type: 'eu_vat', value: 'DE123456789' }] },
    })
  })

  it('refuses a form that another site sends', async () => {
    const session = await openSession(test.stripe, customerId, priceId)
    const answer = await test.double.fetch(
      new Request(`http://127.0.0.1/c/pay/${session.id}`, {
        method: 'POST',
        headers: { origin: 'https://example.org', 'sec-fetch-site': 'cross-site' },
        body: new URLSearchParams(typedCard()),
      }),
    )
    expect(answer.status).toBe(403)
  })
})
