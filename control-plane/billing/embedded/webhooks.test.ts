import { afterEach, describe, expect, it } from 'vitest'
import { seededQueueFaults } from '#test/harness/platform/queue-faults.ts'
import { buyLicence, sellLicences } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type Received, type TestDouble, WEBHOOK_SECRET } from '#test/stripe/harness/test-double.ts'
import { API_VERSION } from './state/double-context.ts'

let test: TestDouble
afterEach(() => test.close())

const read = ({ body, signature }: Received, secret = WEBHOOK_SECRET) =>
  test.stripe.webhooks.constructEventAsync(body, signature, secret, 300, undefined, test.clock.now())

describe('webhooks', () => {
  it('are signed as the stripe package verifies, and say what changed', async () => {
    test = await createTestDouble()
    const { id } = await test.stripe.customers.create({ name: 'A', metadata: { a: '1', b: '2' } })
    await test.stripe.customers.update(id, { name: 'B', metadata: { a: '3' } })
    await test.double.tick()
    const [created, updated] = await Promise.all(test.received.map((one) => read(one)))
    expect(created).toMatchObject({
      type: 'customer.created',
      api_version: API_VERSION,
      livemode: false,
      data: { object: { id } },
    })
    expect(created?.request?.id).toMatch(/^req_/)
    expect(updated?.data.previous_attributes).toEqual({ name: 'A', metadata: { a: '1' } })
    const [first] = test.received
    if (first === undefined) throw new Error('nothing was received')
    await expect(read(first, 'whsec_other')).rejects.toThrow('signature')
    await expect(read({ ...first, body: first.body.replace('"A"', '"C"') })).rejects.toThrow('signature')
    test.clock.advance(301)
    await expect(read(first)).rejects.toThrow('tolerance')
  })

  it('come again, ever more rarely, until they are answered well; others are not held up', async () => {
    test = await createTestDouble()
    test.answer(500)
    await test.stripe.customers.create({ name: 'A' })
    await test.double.tick()
    await test.double.tick()
    expect(test.received).toHaveLength(1)
    test.answer('nobody')
    test.clock.advance(10)
    await test.double.tick()
    expect(test.received).toHaveLength(2)
    test.answer(200)
    await test.stripe.customers.create({ name: 'B' })
    await test.double.tick()
    test.clock.advance(40)
    await test.double.tick()
    const names = test.received.map(({ body }) => /"name": "(\w)"/.exec(body)?.[1])
    expect(names).toEqual(['A', 'A', 'B', 'A'])
    test.clock.advance(86_400)
    await test.double.tick()
    expect(test.received).toHaveLength(4)
    const { data } = await test.stripe.events.list()
    expect(data.map(({ pending_webhooks: pending }) => pending)).toEqual([0, 0])
  })

  it('are given up after three days, and told in the log', async () => {
    test = await createTestDouble()
    test.answer(500)
    await test.stripe.customers.create({ name: 'A' })
    for (let hour = 0; hour < 24 * 4; hour += 1) {
      test.clock.advance(3600)
      await test.double.tick()
    }
    expect(test.received).toHaveLength(12)
    expect(test.log.entries.filter(({ at }) => at === 'stripe_double.webhook_given_up')).toHaveLength(1)
  })

  it('can be read again for 30 days', async () => {
    test = await createTestDouble()
    await test.stripe.customers.create({ name: 'A' })
    await test.double.tick()
    const [told] = (await test.stripe.events.list({ types: ['customer.*'] })).data
    test.clock.advance(29 * 86_400)
    expect((await test.stripe.events.retrieve(told?.id ?? '')).type).toBe('customer.created')
    test.clock.advance(86_400)
    expect((await test.stripe.events.list()).data).toEqual([])
    await expect(test.stripe.events.retrieve(told?.id ?? '')).rejects.toMatchObject({ code: 'resource_missing' })
  })

  it('wait for as long as this machine is off', async () => {
    test = await createTestDouble()
    await test.stripe.customers.create({ name: 'A' })
    test.clock.advance(60 * 86_400)
    await test.restarted().double.tick()
    expect(test.received).toHaveLength(1)
  })

  it('outlive the process that owed them', async () => {
    test = await createTestDouble()
    const { priceId } = await sellLicences(test.stripe)
    await buyLicence(test, { priceId })
    const types = await test.types()
    await test.restarted().double.tick()
    expect(test.received.map(({ body }) => JSON.parse(body).type)).toEqual(types)
  })

  it('come in any order and twice, when told to', async () => {
    test = await createTestDouble({ faults: seededQueueFaults(7, 0.5) })
    const { priceId } = await sellLicences(test.stripe)
    await buyLicence(test, { priceId })
    await test.double.tick()
    const received = test.received.map(({ body }): string => JSON.parse(body).type)
    const types = await test.types()
    expect(received.length).toBeGreaterThan(types.length)
    expect(new Set(received)).toEqual(new Set(types))
    expect([...new Set(received)]).not.toEqual([...new Set(types)])
  })
})
