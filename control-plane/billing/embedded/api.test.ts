import { afterEach, describe, expect, it } from 'vitest'
import { openSession, sellLicences } from '#test/stripe/harness/buy.ts'
import { createTestDouble, stripeOn, type TestDouble } from '#test/stripe/harness/test-double.ts'
import { API_VERSION } from './state/double-context.ts'
import type { ApiFault } from './state/faults.ts'

let test: TestDouble
afterEach(() => test.close())

function failingOnce(fault: ApiFault): Parameters<typeof createTestDouble>[0] {
  let isDone = false
  return {
    faults: {
      api({ method, path }) {
        if (isDone || method !== 'POST' || path !== '/v1/customers') return 'none'
        isDone = true
        return fault
      },
    },
  }
}

async function raw(
  path: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }> {
  const headers = new Headers(init.headers)
  if (!headers.has('authorization')) headers.set('authorization', 'Bearer sk_test_double')
  const answer = await test.double.fetch(new Request(`http://127.0.0.1${path}`, { ...init, headers }))
  return { status: answer.status, body: await answer.json(), headers: answer.headers }
}

describe('the API', () => {
  it('speaks the version that the stripe package sends', async () => {
    test = await createTestDouble()
    const { lastResponse } = await test.stripe.customers.list()
    expect(lastResponse.apiVersion).toBe(API_VERSION)
    expect(lastResponse.requestId).toMatch(/^req_/)
  })

  it.each([
    ['Bearer sk_live_abc', 401],
    ['Bearer rk_test_abc', 401],
    ['Bearer pk_test_abc', 401],
    ['', 401],
    [`Basic ${Buffer.from('sk_test_double:').toString('base64')}`, 200],
  ])('with the key `%s` answers %i', async (authorization, status) => {
    test = await createTestDouble()
    expect((await raw('/v1/customers', { headers: { authorization } })).status).toBe(status)
  })

  it('is for this machine alone', async () => {
    test = await createTestDouble()
    expect((await test.double.fetch(new Request('http://double.example.org/v1/customers'))).status).toBe(403)
    expect(() => test.double.setWebhook({ url: 'https://example.com/stripe', secret: 'whsec_x' })).toThrow(
      'this machine',
    )
    expect(() => test.double.setWebhook({ url: 'http://127.0.0.1/stripe', secret: ' ' })).toThrow('secret')
  })

  it('refuses in Stripe’s words: unknown path, object, parameter; missing parameter; wrong version', async () => {
    test = await createTestDouble()
    const { stripe } = test
    expect(await raw('/v1/nothing')).toMatchObject({
      status: 404,
      body: { error: { type: 'invalid_request_error', message: 'Unrecognized request URL (GET: /v1/nothing).' } },
    })
    await expect(stripe.subscriptions.retrieve('sub_0')).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      statusCode: 404,
      message: "No such subscription: 'sub_0'",
    })
    expect(await raw('/v1/customers', { method: 'POST', body: 'colour=red' })).toMatchObject({
      status: 400,
      body: { error: { code: 'parameter_unknown', param: 'colour' } },
    })
    expect(await raw('/v1/products', { method: 'POST', body: '' })).toMatchObject({
      status: 400,
      body: { error: { code: 'parameter_missing', param: 'name' } },
    })
    expect((await raw('/v1/customers', { headers: { 'stripe-version': 'newest' } })).status).toBe(400)
  })

  it('pages newest first, forwards and backwards, within a range of time', async () => {
    test = await createTestDouble()
    const { stripe, clock } = test
    const made: string[] = []
    for (let at = 0; at < 25; at += 1) {
      clock.advance(1)
      made.unshift((await stripe.customers.create({ name: `n${at}` })).id)
    }
    const all = await stripe.customers.list({ limit: 7 }).autoPagingToArray({ limit: 100 })
    expect(all.map(({ id }) => id)).toEqual(made)
    const back = await stripe.customers.list({ limit: 5, ending_before: made[10] ?? '' })
    expect(back.data.map(({ id }) => id)).toEqual(made.slice(5, 10))
    expect(back.has_more).toBe(true)
    const last = all[3]?.created ?? 0
    expect((await stripe.customers.list({ created: { gte: last }, limit: 100 })).data).toHaveLength(4)
  })

  it('finds a customer by metadata', async () => {
    test = await createTestDouble()
    const { id } = await test.stripe.customers.create({ metadata: { licenseeId: 'lcs_7' } })
    await test.stripe.customers.create({ metadata: { licenseeId: 'lcs_8' } })
    const { data } = await test.stripe.customers.search({ query: 'metadata["licenseeId"]:"lcs_7"' })
    expect(data.map((one) => one.id)).toEqual([id])
  })

  it('keeps a lookup key for one price, which gives it up to another', async () => {
    test = await createTestDouble()
    const { productId, priceId } = await sellLicences(test.stripe)
    const dearer = {
      product: productId,
      currency: 'usd',
      unit_amount: 120_000,
      recurring: { interval: 'year' as const },
      lookup_key: 'licence_year',
    }
    await expect(test.stripe.prices.create(dearer)).rejects.toThrow('already uses that lookup key')
    const { id } = await test.stripe.prices.create({ ...dearer, transfer_lookup_key: true })
    expect((await test.stripe.prices.list({ lookup_keys: ['licence_year'] })).data.map((one) => one.id)).toEqual([id])
    expect((await test.stripe.prices.retrieve(priceId)).lookup_key).toBeNull()
  })
})

describe('an idempotency key', () => {
  it('answers the first answer again, also after a restart, for a day', async () => {
    test = await createTestDouble()
    const first = await test.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })
    const again = await test.restarted().stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })
    expect(again.id).toBe(first.id)
    await expect(test.stripe.customers.create({ name: 'B' }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    })
    expect((await test.stripe.customers.list()).data).toHaveLength(1)
    test.clock.advance(25 * 3600)
    expect((await test.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })).id).not.toBe(first.id)
  })

  it('of two calls at once makes one thing', async () => {
    test = await createTestDouble()
    const made = await Promise.all(
      [1, 2, 3].map(() => test.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  })

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('answers a 500 again, whether it failed %s the work (%i made)', async (fault, count) => {
    test = await createTestDouble(failingOnce(fault))
    const create = (idempotencyKey: string) => test.stripe.customers.create({ name: 'A' }, { idempotencyKey })
    for (let time = 0; time < 3; time += 1) await expect(create('k:1')).rejects.toMatchObject({ statusCode: 500 })
    expect((await test.stripe.customers.list()).data).toHaveLength(count)
    await create('k:2')
    expect((await test.stripe.customers.list()).data).toHaveLength(count + 1)
  })

  it.each(['lost_before', 'lost_after'] as const)('makes a retry safe when the connection is %s', async (fault) => {
    test = await createTestDouble(failingOnce(fault))
    await expect(test.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      type: 'StripeConnectionError',
    })
    await test.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })
    expect((await test.stripe.customers.list()).data).toHaveLength(1)
  })

  it('is not used up by a call that is throttled or malformed', async () => {
    test = await createTestDouble(failingOnce('throttled'))
    const create = () => test.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' })
    await expect(create()).rejects.toMatchObject({ statusCode: 429 })
    expect(
      (await raw('/v1/customers', { method: 'POST', body: 'colour=red', headers: { 'idempotency-key': 'k' } })).status,
    ).toBe(400)
    await create()
    const replayed = await raw('/v1/customers', { method: 'POST', body: 'name=A', headers: { 'idempotency-key': 'k' } })
    expect(replayed.headers.get('idempotent-replayed')).toBe('true')
  })
})

describe('another stripe client', () => {
  it('cannot use a live key', async () => {
    test = await createTestDouble()
    const { priceId } = await sellLicences(test.stripe)
    const live = stripeOn(test.double)
    await expect(openSession(live, 'cus_0', priceId)).rejects.toMatchObject({ param: 'customer' })
    await expect(live.customers.list({}, { apiKey: 'sk_live_1' })).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
    })
  })
})
