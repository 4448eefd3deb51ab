import { afterEach, describe, expect, it } from 'vitest'
import { buyLicence, sellLicences } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type TestDouble } from '#test/stripe/harness/test-double.ts'

let test: TestDouble
afterEach(() => test.close())

describe('a test clock', () => {
  it('has its own time for its customers, and others keep theirs', async () => {
    test = await createTestDouble()
    const { stripe, double } = test
    const { priceId } = await sellLicences(stripe)
    const start = Date.UTC(2028, 1, 29) / 1000
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start })
    const frozen = await buyLicence(test, { priceId, customer: { test_clock: clock.id } })
    const ordinary = await buyLicence(test, { priceId })
    for (const year of [2029, 2030, 2031, 2032]) {
      const target = Date.UTC(year, 2, 1) / 1000
      expect((await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: target })).status).toBe('advancing')
      await double.tick()
      expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({
        status: 'ready',
        frozen_time: target,
      })
    }
    const { items } = await stripe.subscriptions.retrieve(frozen.subscriptionId)
    expect(new Date((items.data[0]?.current_period_end ?? 0) * 1000).toISOString()).toBe('2033-02-28T00:00:00.000Z')
    expect((await stripe.invoices.list({ customer: frozen.customerId })).data).toHaveLength(5)
    expect((await stripe.invoices.list({ customer: ordinary.customerId })).data).toHaveLength(1)
    await expect(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start })).rejects.toThrow('forwards')
  })
})
