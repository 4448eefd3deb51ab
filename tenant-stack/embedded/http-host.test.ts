import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { composeApp } from './http-host.ts'

const say = (words: string) => new Hono().all('*', (c) => c.text(words))
const parts = { api: say('api'), pages: say('pages'), console: say('console'), local: say('local') }

async function ask(
  path: string,
  options: { readonly host?: string; readonly from?: string; readonly isProxied?: true } = {},
) {
  const { host = 'localhost:8025', from = '127.0.0.1' } = options
  const app = composeApp(options.isProxied ? { api: parts.api, pages: parts.pages, console: parts.console } : parts)
  const request = new Request(`http://localhost:8025${path}`, { headers: { host } })
  const response = await app.fetch(request, { incoming: { socket: { remoteAddress: from } } })
  return response.status === 200 ? response.text() : response.status
}

it('gives each part its own paths', async () => {
  expect(await ask('/v1/events/evt_1')).toBe('api')
  expect(await ask('/v1/nowhere')).toBe('api')
  for (const page of ['answer', 'confirm', 'list', 'proposal', 'report', 'unsubscribe'])
    expect([page, await ask(`/${page}/0`)]).toEqual([page, 'pages'])
  for (const path of ['/sign-in', '/sign-in/0', '/sign-out', '/console', '/console/sessions'])
    expect([path, await ask(path)]).toEqual([path, 'console'])
  expect(await ask('/outbox')).toBe('local')
})

it('answers API and public pages to anyone, under any name', async () => {
  const stranger = { host: 'events.example.com', from: '203.0.113.9' }
  expect(await ask('/v1/events/evt_1', stranger)).toBe('api')
  expect(await ask('/confirm/cnf_1', stranger)).toBe('pages')
})

it('shows the local pages to this machine alone, whatever name a stranger writes', async () => {
  expect(await ask('/outbox', { from: '203.0.113.9' })).toBe(403)
  expect(await ask('/outbox', { from: '::ffff:203.0.113.9' })).toBe(403)
  expect(await ask('/outbox', { host: 'rebound.example.com' })).toBe(403)
  expect(await ask('/outbox', { from: '::ffff:127.0.0.1' })).toBe('local')
  expect(await ask('/outbox', { from: '::1', host: '[::1]:8025' })).toBe('local')
})

it('has no local pages behind a proxy', async () => {
  expect(await ask('/outbox', { isProxied: true })).toBe(404)
  expect(await ask('/', { isProxied: true })).toBe(404)
  expect(await ask('/v1/events/evt_1', { isProxied: true })).toBe('api')
})
