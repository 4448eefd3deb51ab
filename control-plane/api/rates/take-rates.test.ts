import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import type { ApiLimits } from './api-limits.ts'

const aMinute = (name: keyof ApiLimits, max: number) => ({ name, max, windowSeconds: 60 })
const limits: ApiLimits = {
  key: aMinute('key', 5),
  person: aMinute('person', 5),
  licensee: aMinute('licensee', 8),
  address: aMinute('address', 3),
}

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
beforeEach(async () => {
  api = await controlApiInMemory({ limits })
  acme = await api.licensee('Acme')
})
afterEach(() => api.close())

const TOO_MANY = { status: 429, body: { code: 'rate.too_many' } }

describe('how often the API may be asked', () => {
  it('429: by a key, with when to try again; the header fields say what is left', async () => {
    const key = await api.key(acme, 'owner')
    const first = await api.call('/v1/me', { key })
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=5;w=60, "licensee";q=8;w=60')
    expect(first.headers.get('ratelimit')).toMatch(/^"key";r=4;t=\d+, "licensee";r=7;t=\d+$/)
    for (let time = 1; time < 5; time += 1) expect((await api.call('/v1/me', { key })).status).toBe(200)
    const refused = await api.call('/v1/me', { key })
    expect(refused).toMatchObject(TOO_MANY)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    const seconds = Number(refused.headers.get('retry-after'))
    expect(refused.headers.get('ratelimit')).toMatch(new RegExp(`^"key";r=0;t=${seconds},`))
    api.plane.platform.clock.advance(seconds)
    expect((await api.call('/v1/me', { key })).status).toBe(200)
  })

  it('429: by a licensee whose keys and people share its limit; another licensee has its own', async () => {
    const keys = [await api.key(acme, 'owner'), await api.key(acme, 'viewer')]
    for (const key of keys) for (let time = 0; time < 3; time += 1) await api.call('/v1/me', { key })
    const { cookie } = await api.person(acme, 'viewer')
    expect((await api.call('/v1/me', { cookie })).status).toBe(200)
    expect((await api.call('/licences', { cookie })).status).toBe(200)
    expect(await api.call('/v1/me', { cookie })).toMatchObject(TOO_MANY)
    expect((await api.call('/licences', { cookie })).status).toBe(429)
    expect((await api.call('/v1/me', { key: await api.key(await api.licensee('Bolt'), 'owner') })).status).toBe(200)
  })

  it('429: by one address without a key, also for the description; a valid key from there is served', async () => {
    const from = { ipAddress: '2001:db8::1' }
    expect((await api.call('/v1/me', from)).status).toBe(401)
    expect((await api.call('/v1/me', { ...from, key: 'cvl_00000000000000000000000000' })).status).toBe(401)
    expect((await api.call('/v1/openapi.json', from)).status).toBe(200)
    expect(await api.call('/v1/me', { ipAddress: '2001:db8::2' })).toMatchObject(TOO_MANY)
    expect(await api.call('/v1/openapi.json', from)).toMatchObject(TOO_MANY)
    expect((await api.call('/v1/me', { ipAddress: '2001:db8:0:1::1' })).status).toBe(401)
    expect((await api.call('/v1/me', { ...from, key: await api.key(acme, 'owner') })).status).toBe(200)
  })

  it('Stripe is not counted: its signature lets it in', async () => {
    for (let time = 0; time < 10; time += 1)
      expect((await api.call('/webhooks/stripe', { body: {}, ipAddress: '192.0.2.1' })).status).toBe(400)
  })
})
