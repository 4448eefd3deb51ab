import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { referenceScript } from '#shared/assets/reference-script.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

let tenant: TestTenant
let loads = 0
let api: ReturnType<typeof createApi>
beforeAll(async () => {
  tenant = await createTestTenant()
  api = createApi(tenant.ctx, {
    referenceScript: () => {
      loads += 1
      return loads === 1 ? Promise.reject(new Error('not this time')) : referenceScript()
    },
  })
})
afterAll(() => tenant.close())

it('200: a page that needs no key, may ask nobody else, and says where the description is', async () => {
  const response = await api.request('/v1/reference')
  expect(response.status).toBe(200)
  const policy = new Map(
    (response.headers.get('content-security-policy') ?? '').split('; ').map((part) => {
      const [name = '', ...sources] = part.split(' ')
      return [name, sources]
    }),
  )
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('script-src')).toEqual(["'self'"])
  expect(policy.get('connect-src')).toEqual(["'self'"])
  expect([...policy.values()].flat().filter((source) => source.includes('//') || source.includes('*'))).toEqual([])
  const page = await response.text()
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  expect(page).toContain('openapi.json')
})

it('200: the script’s settings, with all that would ask somebody else off', async () => {
  const start = await (await api.request('/v1/reference/start.js')).text()
  expect(start).not.toMatch(/https?:/)
  for (const off of [
    '"telemetry":false',
    '"withDefaultFonts":false',
    '"agent":{"disabled":true',
    '"mcp":{"disabled":true}',
  ])
    expect(start).toContain(off)
})

it('200: the script, gzipped and kept, loaded once and again when that failed', async () => {
  expect((await api.request('/v1/reference/scalar.js')).status).toBe(500)
  for (let time = 0; time < 2; time += 1) {
    const response = await api.request('/v1/reference/scalar.js')
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'gzip'])
    expect(response.headers.get('cache-control')).toMatch(/^public, max-age=/)
    expect(gunzipSync(await response.arrayBuffer()).toString()).toContain('createApiReference')
  }
  expect(loads).toBe(2)
})

it('405 and 404: other methods, and other addresses below it', async () => {
  expect((await api.request('/v1/reference', { method: 'POST' })).status).toBe(405)
  const missing = await api.request('/v1/reference/other.js')
  expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})
