import type Stripe from 'stripe'
import { afterEach, describe, expect, it } from 'vitest'
import { buyLicence, idOf, sellLicences } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type TestDouble } from '#test/stripe/harness/test-double.ts'

const DAY = 86_400

let test: TestDouble
afterEach(() => test.close())

async function startAt(start: number, settings: Parameters<typeof createTestDouble>[0] = {}): Promise<void> {
  test = await createTestDouble(settings)
  test.clock.set(start)
}

/** To this moment, and everything done that is due by then. */
async function goTo(moment: number): Promise<void> {
  test.clock.set(moment)
  await test.double.tick()
}

async function periodEnd(subscriptionId: string): Promise<string> {
  const { items } = await test.stripe.subscriptions.retrieve(subscriptionId)
  return new Date((items.data[0]?.current_period_end ?? 0) * 1000).toISOString().slice(0, 10)
}

async function invoicesOf(customer: string): Promise<readonly Stripe.Invoice[]> {
  return (await test.stripe.invoices.list({ customer, limit: 100 })).data.toReversed()
}

describe('renewals', () => {
  it('come for years from one day in a leap year: 29 February, then 28, and 29 again in the next leap year', async () => {
    await startAt(Date.UTC(2028, 1, 29, 9))
    const { priceId } = await sellLicences(test.stripe)
    const { subscriptionId, customerId } = await buyLicence(test, { priceId, expiry: '12 / 40' })
    expect(await periodEnd(subscriptionId)).toBe('2029-02-28')
    await goTo(Date.UTC(2029, 1, 28, 12))
    expect(await periodEnd(subscriptionId)).toBe('2030-02-28')
    await goTo(Date.UTC(2031, 2, 1))
    expect(await periodEnd(subscriptionId)).toBe('2032-02-29')
    const invoices = await invoicesOf(customerId)
    expect(
      invoices.map(({ status, billing_reason: reason, created }) => [
        status,
        reason,
        new Date(created * 1000).toISOString(),
      ]),
    ).toEqual([
      ['paid', 'subscription_create', '2028-02-29T09:00:00.000Z'],
      ['paid', 'subscription_cycle', '2029-02-28T09:00:00.000Z'],
      ['paid', 'subscription_cycle', '2030-02-28T09:00:00.000Z'],
      ['paid', 'subscription_cycle', '2031-02-28T09:00:00.000Z'],
    ])
  })

  it('of a month come at the 31st, or at the month’s last day', async () => {
    await startAt(Date.UTC(2027, 0, 31, 9))
    const { priceId } = await sellLicences(test.stripe, 'month')
    const { customerId } = await buyLicence(test, { priceId, expiry: '12 / 40' })
    await goTo(Date.UTC(2027, 5, 1))
    const days = (await invoicesOf(customerId)).map(({ created }) =>
      new Date(created * 1000).toISOString().slice(5, 10),
    )
    expect(days).toEqual(['01-31', '02-28', '03-31', '04-30', '05-31'])
  })

  it('make a draft that is charged an hour later, and tell of themselves before', async () => {
    await startAt(Date.UTC(2026, 2, 2, 9))
    const { priceId } = await sellLicences(test.stripe)
    const { customerId } = await buyLicence(test, { priceId })
    await goTo(Date.UTC(2027, 1, 1))
    const { data: upcoming } = await test.stripe.events.list({ type: 'invoice.upcoming' })
    expect(upcoming[0]?.data.object).not.toHaveProperty('id')
    expect(upcoming[0]?.data.object).toMatchObject({
      object: 'invoice',
      amount_due: 99_500,
      billing_reason: 'upcoming',
    })
    await goTo(Date.UTC(2027, 2, 2, 9))
    expect((await invoicesOf(customerId)).map(({ status }) => status)).toEqual(['paid', 'draft'])
    await goTo(Date.UTC(2027, 2, 2, 10))
    expect((await invoicesOf(customerId)).map(({ status }) => status)).toEqual(['paid', 'paid'])
  })

  it('fail with a card that has expired, and go on with the card that the bank sends anew', async () => {
    await startAt(Date.UTC(2026, 2, 2, 9))
    const { priceId } = await sellLicences(test.stripe)
    const { subscriptionId, customerId } = await buyLicence(test, { priceId, expiry: '12 / 26' })
    await goTo(Date.UTC(2027, 2, 2, 10))
    const before = await test.stripe.subscriptions.retrieve(subscriptionId)
    expect(before.status).toBe('past_due')
    const { data: failed } = await test.stripe.charges.list({ customer: customerId, limit: 1 })
    expect(failed[0]).toMatchObject({ status: 'failed', failure_code: 'expired_card' })
    await test.double.control.renewCard(idOf(before.default_payment_method), { expMonth: 12, expYear: 2031 })
    await goTo(Date.UTC(2027, 2, 3, 10))
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).status).toBe('active')
    expect(await periodEnd(subscriptionId)).toBe('2028-03-02')
    expect(await test.types()).toContain('payment_method.automatically_updated')
  })

  it('that are cancelled end with their period', async () => {
    await startAt(Date.UTC(2026, 2, 2, 9))
    const { priceId } = await sellLicences(test.stripe)
    const { subscriptionId, customerId } = await buyLicence(test, { priceId })
    const ending = await test.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true })
    expect(ending).toMatchObject({ status: 'active', cancel_at: Date.UTC(2027, 2, 2, 9) / 1000 })
    await goTo(Date.UTC(2027, 2, 3))
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).status).toBe('canceled')
    expect(await invoicesOf(customerId)).toHaveLength(1)
    expect((await test.types()).at(-1)).toBe('customer.subscription.deleted')
  })
})

describe('a renewal that fails', () => {
  const first = Date.UTC(2027, 2, 2, 10) / 1000

  async function failing(afterRetries: 'unpaid' | 'past_due' | 'canceled') {
    await startAt(Date.UTC(2026, 2, 2, 9), { settings: { afterRetries, retryAfterDays: [3, 5, 7] } })
    const { priceId } = await sellLicences(test.stripe)
    const bought = await buyLicence(test, { priceId, number: '4000 0000 0000 0341' })
    await goTo(first * 1000)
    return bought
  }

  it('is tried again by the schedule, and then the subscription is unpaid', async () => {
    const { subscriptionId, customerId } = await failing('unpaid')
    const seen: unknown[] = []
    for (const days of [0, 2, 3, 5, 7]) {
      await goTo((first + days * DAY) * 1000)
      const [, invoice] = await invoicesOf(customerId)
      const { status } = await test.stripe.subscriptions.retrieve(subscriptionId)
      const nextDays = invoice?.next_payment_attempt == null ? null : (invoice.next_payment_attempt - first) / DAY
      seen.push([days, status, invoice?.status, invoice?.attempt_count, nextDays])
    }
    expect(seen).toEqual([
      [0, 'past_due', 'open', 1, 3],
      [2, 'past_due', 'open', 1, 3],
      [3, 'past_due', 'open', 2, 5],
      [5, 'past_due', 'open', 3, 7],
      [7, 'unpaid', 'open', 4, null],
    ])
    expect((await test.types()).filter((type) => type === 'invoice.payment_failed')).toHaveLength(4)
  })

  it.each(['past_due', 'canceled'] as const)('or %s, as the Dashboard says', async (afterRetries) => {
    const { subscriptionId } = await failing(afterRetries)
    await goTo((first + 8 * DAY) * 1000)
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).status).toBe(afterRetries)
  })

  it('is made good by paying its invoice: the anniversary stays', async () => {
    const { subscriptionId, customerId } = await failing('unpaid')
    const [, invoice] = await invoicesOf(customerId)
    await expect(test.stripe.invoices.pay(invoice?.id ?? '')).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
      statusCode: 402,
    })
    const good = await test.stripe.paymentMethods.attach('pm_card_visa', { customer: customerId })
    await test.stripe.invoices.pay(invoice?.id ?? '', { payment_method: good.id })
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).status).toBe('active')
    expect(await periodEnd(subscriptionId)).toBe('2028-03-02')
  })

  it('is not tried again once the subscription is cancelled', async () => {
    const { subscriptionId, customerId } = await failing('unpaid')
    await test.stripe.subscriptions.cancel(subscriptionId)
    await goTo((first + 30 * DAY) * 1000)
    const [, invoice] = await invoicesOf(customerId)
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 1, auto_advance: false, next_payment_attempt: null })
  })

  it('leaves drafts when it is still unpaid a year later', async () => {
    const { customerId } = await failing('unpaid')
    await goTo(Date.UTC(2028, 2, 3))
    expect((await invoicesOf(customerId)).map(({ status, auto_advance: advances }) => [status, advances])).toEqual([
      ['paid', false],
      ['open', true],
      ['draft', false],
    ])
  })
})
