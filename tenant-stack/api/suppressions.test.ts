import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import type { ApiScope } from '#shared/contracts/api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(() => tenant.close())

async function call(method: string, path: string, scopes: readonly ApiScope[], body?: object) {
  const { secret } = await createApiKey(tenant.ctx, { label: 'test', scopes: [...scopes] })
  const response = await createApi(tenant.ctx).request(`/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)) }
}

const write: readonly ApiScope[] = ['suppressions:write']
const read: readonly ApiScope[] = ['suppressions:read']

it('suppresses an address once, lists it masked, and lets it go', async () => {
  const first = await call('POST', '/suppressions', write, { email: 'Bob@Example.org', detail: 'asked by phone' })
  expect(first).toMatchObject({ status: 201, body: { email: 'bob@example.org', scope: 'domain', reason: 'manual' } })
  const again = await call('POST', '/suppressions', write, { email: 'bob@example.org' })
  expect(again.body).toEqual(first.body)
  const ofAna = { email: 'bob@example.org', organizer: 'ana@example.com' }
  expect(await call('POST', '/suppressions', write, ofAna)).toMatchObject({ status: 201, body: { scope: 'organizer' } })
  const page = await call('GET', '/suppressions?limit=1', read)
  expect(page.body).toMatchObject({ has_more: true, data: [{ scope: 'organizer' }] })
  expect(JSON.stringify(page.body)).not.toContain('bob@example.org')
  const rest = await call('GET', `/suppressions?limit=5&after=${encodeURIComponent(String(page.body.next_cursor))}`, [
    ...read,
    'attendees:unmasked',
  ])
  expect(rest.body).toMatchObject({ has_more: false, data: [{ email: 'bob@example.org', detail: 'asked by phone' }] })
  expect((await call('DELETE', `/suppressions/${String(first.body.id)}`, write)).status).toBe(204)
  expect((await call('DELETE', `/suppressions/${String(first.body.id)}`, write)).status).toBe(404)
  expect((await call('DELETE', '/suppressions/sup_nonsense', write)).status).toBe(404)
})

it('says that the owner has unsubscribed besides, so that nobody lifts that by mistake', async () => {
  await suppress(tenant.ctx, { address: 'cleo@example.org', reason: 'unsubscribe', source: 'page' })
  const said = await call('POST', '/suppressions', write, { email: 'cleo@example.org' })
  expect(said.body).toMatchObject({ reason: 'manual', source: 'api', is_also_unsubscribed: true })
})

it('refuses what is no address, and who may not', async () => {
  expect(await call('POST', '/suppressions', write, { email: 'nobody' })).toMatchObject({ status: 422 })
  expect((await call('POST', '/suppressions', read, { email: 'bob@example.org' })).status).toBe(403)
  expect((await call('GET', '/suppressions', write)).status).toBe(403)
})
