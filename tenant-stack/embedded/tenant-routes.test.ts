import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { createTenantRoutes, type TenantSite } from './tenant-routes.ts'

const say = (words: string) =>
  new Hono().all('*', async (c) =>
    c.text(`${words} ${c.req.path}${new URL(c.req.url).search} ${await c.req.text()}`.trim()),
  )
const siteOf = (name: string): TenantSite => ({
  whole: say(`${name} whole`),
  api: say(`${name} api`),
  pages: say(`${name} pages`),
  app: say(`${name} app`),
})
const sites: Readonly<Record<string, TenantSite>> = { ten_a: siteOf('a'), 'a.example.com': siteOf('a') }
const app = createTenantRoutes(say('own'), { byTenantId: (name) => sites[name], byDomain: (name) => sites[name] })

async function ask(path: string, host = 'localhost:8025', body?: string) {
  const init = body === undefined ? {} : { method: 'POST', body }
  const response = await app.request(`http://localhost:8025${path}`, { ...init, headers: { host } })
  return response.status === 200 ? response.text() : response.status
}

it('leads to a tenant by path, which it does not see', async () => {
  expect(await ask('/t/ten_a/v1/events?limit=1')).toBe('a whole /v1/events?limit=1')
  expect(await ask('/t/ten_a')).toBe('a whole /')
  expect(await ask('/t/ten_a/')).toBe('a whole /')
  expect(await ask('/t/ten_a/confirm/x', 'localhost', 'yes')).toBe('a whole /confirm/x yes')
  expect(await ask('/t/ten_b/v1/events')).toBe(404)
})

it('leads to a tenant by host, API, pages and console apart', async () => {
  expect(await ask('/v1/events', 'api.a.example.com')).toBe('a api /v1/events')
  expect(await ask('/v1/events', 'API.A.example.com:8025')).toBe('a api /v1/events')
  expect(await ask('/confirm/x', 'go.a.example.com')).toBe('a pages /confirm/x')
  expect(await ask('/v1/events', 'app.a.example.com')).toBe('a app /v1/events')
})

it('leaves all else to the machine itself', async () => {
  expect(await ask('/v1/events')).toBe('own /v1/events')
  for (const host of ['a.example.com', 'xapi.a.example.com', 'api.b.example.com', 'api.example.com'])
    expect(await ask('/outbox', host)).toBe('own /outbox')
  expect(await ask('/table/ten_a')).toBe('own /table/ten_a')
})
