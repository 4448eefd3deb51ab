import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createFront } from './front-app.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(() => tenant.close())

const gateway = 'abc.execute-api.eu-west-1.amazonaws.com'
const get = (host: string, path: string) =>
  createFront(tenant.ctx).request(`https://${host}${path}`, { headers: { host } })

describe('the one REST API of a stack', () => {
  it.each([
    ['api.events.example.net', '/v1/openapi.json', 200],
    ['API.events.example.net:443', '/v1/openapi.json', 200],
    ['api.events.example.net', '/v1/events', 401],
    ['api.events.example.net', '/confirm/nothing', 404],
    ['go.events.example.net', '/confirm/nothing', 404],
    ['go.events.example.net', '/v1/openapi.json', 404],
    ['app.events.example.net', '/v1/openapi.json', 200],
    ['app.events.example.net', '/v1/events', 401],
    ['app.events.example.net', '/sign-in', 200],
    ['app.events.example.net', '/console', 303],
    ['app.events.example.net', '/confirm/nothing', 404],
    ['api.events.example.net', '/sign-in', 404],
    ['go.events.example.net', '/sign-in', 404],
    [gateway, '/sign-in', 404],
    ['other.events.example.net', '/', 404],
    [gateway, '/v1/openapi.json', 200],
    [gateway, '/confirm/nothing', 404],
    ['api.events.example.net.evil.example', '/v1/openapi.json', 200],
  ])('answers https://%s%s with %i', async (host, path, status) => {
    expect((await get(host, path)).status).toBe(status)
  })

  it('answers unknown paths of the API as a problem, and those of the pages as a page', async () => {
    expect((await get('api.events.example.net', '/nothing')).headers.get('content-type')).toBe(
      'application/problem+json',
    )
    expect((await get('go.events.example.net', '/confirm/nothing')).headers.get('content-type')).toContain('text/html')
  })

  it('answers unknown paths of the pages as a problem to who asks for one, as the control plane does', async () => {
    const host = 'go.events.example.net'
    for (const path of ['/confirm/probe', '/probe']) {
      const response = await createFront(tenant.ctx).request(`https://${host}${path}`, {
        headers: { host, accept: 'application/problem+json' },
      })
      expect(await response.json()).toMatchObject({ type: 'urn:convoke:problem:page.not_found', status: 404 })
    }
    expect(await (await get(host, '/probe')).text()).toContain('There is no such page')
  })
})
