import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

const Described = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), summary: z.string(), security: z.array(z.unknown()) })),
  ),
})

let api: ControlApiInMemory
let vendorKey = ''
beforeAll(async () => {
  api = await controlApiInMemory()
  vendorKey = await api.key({ kind: 'vendor' }, 'vendor_admin')
})
afterAll(() => api.close())

async function operations() {
  const { paths } = Described.parse((await api.call('/v1/openapi.json')).body)
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  )
}

describe('every operation', () => {
  it('is described once, wants a key or a session, and refuses who has neither, or a forged one', async () => {
    const all = await operations()
    expect(all.length).toBeGreaterThanOrEqual(45)
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
    for (const { path, method, operationId, security } of all) {
      expect([operationId, security]).toEqual([operationId, [{ key: [] }, { session: [] }]])
      for (const cred of [
        {},
        { key: 'cvv_00000000000000000000000000' },
        { cookie: `convoke-session=${'a'.repeat(32)}.x` },
      ]) {
        const { status, body, headers } = await api.call(`/v1${path}`, { method, ...cred, ...bodyFor(method) })
        expect([operationId, status, body.code]).toEqual([operationId, 401, 'api.unauthorized'])
        expect(headers.get('content-type')).toBe('application/problem+json')
        expect(headers.get('www-authenticate')).toBe('Bearer')
        expect(body.request_id).toBe(headers.get('x-request-id'))
      }
    }
  })

  it('refuses 400 what is not JSON and 413 what is larger than 64 KB', async () => {
    const broken = { key: vendorKey, headers: { 'content-type': 'application/json' }, body: '{"name":' }
    expect(await api.call('/v1/licensees', broken)).toMatchObject({ status: 400, body: { code: 'api.bad_request' } })
    const large = await api.call('/v1/licensees', { key: vendorKey, body: { name: 'x'.repeat(70_000) } })
    expect([large.status, large.body.code]).toEqual([413, 'api.too_large'])
  })

  it('answers 404 where there is nothing, and a bug says nothing of itself', async () => {
    expect(await api.call('/v1/nowhere', { key: vendorKey })).toMatchObject({
      status: 404,
      body: { code: 'api.not_found' },
    })
    const broken = await controlApiInMemory({
      guards: {
        may() {
          throw new TypeError('a secret of the inside')
        },
      },
    })
    const key = await broken.key({ kind: 'vendor' }, 'vendor_admin')
    const { status, body, text } = await broken.call('/v1/me', { key })
    expect([status, body.code]).toEqual([500, 'internal'])
    expect(text).not.toContain('inside')
    await broken.close()
  })
})

describe('Idempotency-Key', () => {
  const post = (name: string, header: string, key = vendorKey) =>
    api.call('/v1/licensees', {
      key,
      body: { name, billing_email: 'pay@example.com' },
      headers: { 'idempotency-key': header },
    })

  it('gives the first answer again, and adds one licensee', async () => {
    const [first, second] = [await post('Once', 'k-1'), await post('Once', 'k-1')]
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
    expect(second.headers.get('idempotent-replay')).toBe('true')
    const { body } = await api.call('/v1/licensees?name=once', { key: vendorKey })
    expect(body.data).toHaveLength(1)
  })

  it('422 for another request, 409 beside a running one, and it is each asker’s own', async () => {
    await post('First', 'k-2')
    expect(await post('Second', 'k-2')).toMatchObject({ status: 422, body: { code: 'api.idempotency_mismatch' } })
    const both = await Promise.all([post('Twins', 'k-3'), post('Twins', 'k-3')])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
    const other = await api.key({ kind: 'vendor' }, 'vendor_admin')
    expect((await post('Second', 'k-2', other)).status).toBe(201)
  })

  it('does not keep a secret that is shown once', async () => {
    const mint = () =>
      api.call('/v1/keys', {
        key: vendorKey,
        body: { label: 'CI', role: 'vendor_support' },
        headers: { 'idempotency-key': 'k-4' },
      })
    const [first, again] = [await mint(), await mint()]
    expect(first.body.secret).toMatch(/^cvv_/)
    expect(again.body).toEqual({ ...first.body, secret: undefined })
  })
})

describe('POST /webhooks/stripe', () => {
  it('400 for a bad signature alone', async () => {
    const bad = await api.call('/webhooks/stripe', {
      body: { id: 'evt_1' },
      headers: { 'stripe-signature': 't=1,v1=00' },
    })
    expect([bad.status, bad.body.code]).toEqual([400, 'billing.bad_signature'])
    expect((await api.call('/webhooks/stripe', { body: { id: 'evt_1' } })).status).toBe(400)
  })
})

function bodyFor(method: string) {
  return method === 'GET' || method === 'DELETE' ? {} : { body: {} }
}
