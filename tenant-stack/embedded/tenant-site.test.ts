import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { thingsToTry } from './local-pages/product-facts.ts'
import { siteOf } from './tenant-site.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

const facts = {
  domainName: 'events.example.net',
  createAddress: 'create@events.example.net',
  smtpAddress: 'localhost:2525',
  pagesUrl: 'http://localhost:8025/t/ten_a',
  apiUrl: 'http://localhost:8025/t/ten_a/v1',
  isLoopbackTrusted: true,
  tries: thingsToTry('create@events.example.net'),
}

async function ask(path: string, isPublic: boolean) {
  const { ctx, platform } = tenant
  const wired = {
    ctx,
    own: platform.embeddedQueues,
    outbox: platform.outbox,
    removeExpired: async () => false,
    close: async () => {
      throw new Error('a site closes nothing')
    },
  }
  const site = siteOf(wired, isPublic, { facts, base: '/t/ten_a' })
  const request = new Request(`http://localhost:8025${path}`, { headers: { host: 'localhost:8025' } })
  return site.whole.fetch(request, { incoming: { socket: { remoteAddress: '127.0.0.1' } } })
}

it('has its pages link below its own path', async () => {
  for (const path of ['/', '/outbox', '/inbound', '/nowhere']) {
    const shown = await (await ask(path, false)).text()
    const links = [...shown.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(3)
    for (const link of links) expect(link).toMatch(/^\/t\/ten_a\//)
  }
})

it('shows no local page where a proxy stands in front; API and public pages stay', async () => {
  for (const path of ['/', '/outbox', '/inbound']) expect((await ask(path, true)).status).toBe(404)
  expect((await ask('/v1/openapi.json', true)).status).toBe(200)
  expect(await (await ask('/confirm/x', true)).text()).toContain('This link is not known')
})
