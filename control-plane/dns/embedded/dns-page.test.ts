import type { Hono } from 'hono'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LocalDns, openLocalDns, ourServers } from '#test/harness/dns/local-dns.ts'
import { observeDelegation } from '../observe-delegation.ts'
import { createDnsPage } from './dns-page.ts'

const domainName = 'invites.example.com'
const origin = 'http://localhost:8025'
let local: LocalDns
let app: Hono

beforeEach(async () => {
  local = await openLocalDns()
  local.host({ domainName })
  app = createDnsPage({ localZone: local.zone, basePath: '/dns' })
})
afterEach(() => local.close())

function get(path = '/') {
  return app.request(`${origin}${path}`)
}

type Fields = readonly (readonly [string, string])[] | Readonly<Record<string, string>>

function isPairs(fields: Fields): fields is readonly (readonly [string, string])[] {
  return Array.isArray(fields)
}

function post(path: string, fields: Fields, headers: Readonly<Record<string, string>> = { origin }) {
  const pairs = isPairs(fields) ? fields : Object.entries(fields)
  const body = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded', host: 'localhost:8025' }
  return app.request(`${origin}${path}`, { method: 'POST', body, headers: { ...type, ...headers } })
}

/** The fields of the first form of the page that posts to `action`. */
function fieldsOf(text: string, action: string): readonly (readonly [string, string])[] {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>([\\s\\S]*?)</form>`).exec(text)?.[1] ?? ''
  const inputs = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  return inputs.map(([, name = '', value = '']) => [name, value])
}

const records = async () => (await local.zone.store.listZones()).flatMap((zone) => zone.records)

it('delegates by one button, which the checker then sees, and takes it away again', async () => {
  const before = await (await get()).text()
  expect(before).toContain('Not delegated')
  const answer = await post('/delegate', fieldsOf(before, '/dns/delegate'))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dns?done=delegated'])
  expect((await observeDelegation(local.dns, { domainName, expectedNameServers: ourServers })).isDelegated).toBe(true)
  const after = await (await get('/?done=delegated')).text()
  expect(after).toContain('The domain is delegated.')
  expect(after).toContain('<span class="badge good">Delegated</span>')
  await post('/undelegate', fieldsOf(after, '/dns/undelegate'))
  expect(await records()).toEqual([])
})

it('says when a domain is delegated elsewhere', async () => {
  await local.zone.store.delegate({ domainName, nameServers: ['ns1.other.example'] })
  expect(await (await get()).text()).toContain('Delegated elsewhere')
})

it('adds and removes zones and records, each form working by what the page holds', async () => {
  expect((await post('/zones', { zoneName: 'Example.org' })).status).toBe(303)
  const record = { zoneName: 'example.org', name: 'www.example.org', type: 'A', ttlSeconds: '60', value: '192.0.2.1' }
  expect((await post('/records', record)).status).toBe(303)
  expect(await records()).toEqual([{ name: 'www.example.org', type: 'A', ttlSeconds: 60, value: '192.0.2.1' }])
  const text = await (await get()).text()
  expect((await post('/records/remove', fieldsOf(text, '/dns/records/remove'))).status).toBe(303)
  expect(await records()).toEqual([])
  expect((await post('/zones/remove', { zoneName: 'example.org' })).status).toBe(303)
  expect((await local.zone.store.listZones()).map(({ zoneName }) => zoneName)).toEqual(['example.com'])
})

it.each<readonly [string, string, Fields, string]>([
  [
    'a value that does not fit',
    '/records',
    { zoneName: 'example.com', name: 'a.example.com', type: 'A', ttlSeconds: '60', value: 'x' },
    'the value does not fit A',
  ],
  [
    'an unknown type',
    '/records',
    { zoneName: 'example.com', name: 'a.example.com', type: 'SRV', ttlSeconds: '60', value: 'x' },
    'not complete',
  ],
  ['no fields', '/records', {}, 'not complete'],
  [
    'no zone',
    '/records',
    { zoneName: 'example.net', name: 'a.example.net', type: 'A', ttlSeconds: '60', value: '192.0.2.1' },
    'there is no zone',
  ],
  ['a zone that is no name', '/zones', { zoneName: '<b>' }, 'not a DNS name'],
  [
    'a domain that has nothing above it',
    '/delegate',
    { domainName: 'com', nameServer: 'ns1.other.example' },
    'no zone above',
  ],
])('422: %s is said on the page and changes nothing', async (_, path, fields, words) => {
  const answer = await post(path, fields)
  expect(answer.status).toBe(422)
  const text = await answer.text()
  expect(text).toContain(words)
  expect(text).toContain('role="alert"')
  expect(await records()).toEqual([])
})

it.each<readonly [string, Readonly<Record<string, string>>]>([
  ['another origin', { origin: 'https://evil.example' }],
  ['another port', { origin: 'http://localhost:9999' }],
  ['an opaque origin', { origin: 'null' }],
  ['no origin', {}],
  ['another site', { origin, 'sec-fetch-site': 'cross-site' }],
])('403: a form from %s changes nothing', async (_, headers) => {
  const paths = ['/delegate', '/undelegate', '/zones', '/zones/remove', '/records', '/records/remove']
  for (const path of paths)
    expect((await post(path, { domainName, nameServer: 'ns1.x.example' }, headers)).status).toBe(403)
  expect(await records()).toEqual([])
})

it('413: a huge form is refused', async () => {
  expect((await post('/records', { value: 'x'.repeat(20_000) })).status).toBe(413)
})

it('GET changes nothing and runs no script; values are inert', async () => {
  const vector = '"><script>alert(1)</script>'
  await local.enter('a.example.com', 'TXT', vector)
  local.host({ domainName: `x${vector}` })
  for (const path of [
    '/',
    '/?done=%3Cscript%3E',
    '/?done=toString',
    '/delegate?domainName=invites.example.com&nameServer=a',
  ]) {
    const answer = await get(path)
    const text = await answer.text()
    expect(text).not.toContain('<script')
    if (answer.status === 200) expect(text).toContain('&lt;script&gt;alert(1)')
    expect(text).not.toContain('role="status"')
  }
  expect(await records()).toHaveLength(1)
})

it('sends headers that forbid script, framing and foreign requests, and a style of its own', async () => {
  const page = await get()
  expect(page.headers.get('content-security-policy')).toMatch(
    /default-src 'none'; style-src 'self';.*frame-ancestors 'none'/,
  )
  expect(page.headers.get('content-security-policy')).not.toMatch(/https?:|script-src|unsafe/)
  const style = await get('/style.css')
  expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(await style.text()).not.toMatch(/url\(|@import/)
})

it('is one document: a language, one h1, labels on every field, and names that tell buttons apart', async () => {
  await local.enter('a.example.com', 'A', '192.0.2.1')
  const text = await (await get()).text()
  expect(text).toMatch(/<html lang="en">/)
  expect(text.match(/<h1/g)).toHaveLength(1)
  for (const [field] of text.matchAll(/<(?:input|select)(?! type="hidden")[^>]*>/g)) {
    const before = text.slice(0, text.indexOf(field))
    expect([field, before.lastIndexOf('<label') > before.lastIndexOf('</label>')]).toEqual([field, true])
  }
  expect(text).toContain('Remove<span class="hidden"> A of a.example.com</span>')
})
