import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testCertificate } from '#test/harness/tls/test-certificate.ts'
import type { WebhookCall } from '../webhook-door.ts'
import { isPublicAddress } from './public-address.ts'
import { REFUSED_ADDRESSES, REFUSED_TEXTS } from './refused-addresses.fixture.ts'
import { createWebhookDoor, type WebhookDoorOptions } from './webhook-door.ts'

const PUBLIC = '93.184.215.14'
const secret = `whsec_${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64')}`
const call = (url: string, more: Partial<WebhookCall> = {}): WebhookCall => ({
  url,
  webhookId: 'msg_1',
  sentAt: Math.floor(Date.now() / 1000),
  secrets: [secret],
  body: '{"type":"webhook.test","data":{}}',
  ...more,
})

type Seen = { readonly headers: Record<string, string>; readonly body: string; readonly path: string }

let server: Server
let port: number
const seen: Seen[] = []
const asked: string[] = []
let answer: (
  path: string,
) =>
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'silence'
  | 'stall'

beforeAll(async () => {
  server = createServer({ key: testCertificate.key, cert: testCertificate.cert }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const path = request.url ?? ''
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      seen.push({ headers, body: Buffer.concat(parts).toString(), path })
      const said = answer(path)
      if (said === 'silence') return
      if (said === 'stall') {
        response.writeHead(200).write('beginning')
        return
      }
      response.writeHead(said.status, said.headers).end(said.body ?? '')
    })
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** The door as it is, but that what it connects to is the test's server; `asked` tells to which address it meant to go. */
function doorTo(addresses: readonly string[], more: WebhookDoorOptions = {}) {
  asked.length = 0
  seen.length = 0
  answer = () => ({ status: 200 })
  return createWebhookDoor({
    resolve: async () => addresses,
    ca: testCertificate.cert,
    connectTo: (address) => {
      asked.push(address)
      return { host: '127.0.0.1', port }
    },
    ...more,
  })
}

describe('what is called', () => {
  it('is signed so that the library of Standard Webhooks takes it', async () => {
    const door = doorTo([PUBLIC])
    const sent = call('https://hooks.example.com/in?a=1')
    expect(await door.call(sent)).toEqual({ kind: 'answered', status: 200, text: '' })
    const [got] = seen
    expect(got?.path).toBe('/in?a=1')
    expect(got?.headers).toMatchObject({
      host: 'hooks.example.com',
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
    })
    expect(new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {})).toEqual({ type: 'webhook.test', data: {} })
    expect(() => new Webhook(secret).verify(`${got?.body} `, got?.headers ?? {})).toThrow('signature')
  })

  it('carries a signature of each live secret', async () => {
    const other = `whsec_${Buffer.from('another secret of thirty-two bytes').toString('base64')}`
    const door = doorTo([PUBLIC])
    await door.call(call('https://hooks.example.com/', { secrets: [other, secret] }))
    const [got] = seen
    for (const one of [other, secret]) expect(new Webhook(one).verify(got?.body ?? '', got?.headers ?? {})).toBeTruthy()
    const stranger = `whsec_${Buffer.from('nobody knows this secret at all..').toString('base64')}`
    expect(() => new Webhook(stranger).verify(got?.body ?? '', got?.headers ?? {})).toThrow('signature')
  })

  it('is the very address that was checked, asked for once', async () => {
    let times = 0
    const door = doorTo([], {
      resolve: async () => {
        times += 1
        return times === 1 ? [PUBLIC] : ['127.0.0.1']
      },
    })
    await door.call(call('https://hooks.example.com/'))
    expect(asked).toEqual([PUBLIC])
    expect(times).toBe(1)
    expect(await door.call(call('https://hooks.example.com/'))).toMatchObject({ kind: 'refused' })
    expect(asked).toEqual([PUBLIC])
  })

  it('follows no redirect', async () => {
    const door = doorTo([PUBLIC])
    answer = () => ({ status: 302, headers: { location: 'https://169.254.169.254/latest' } })
    expect(await door.call(call('https://hooks.example.com/'))).toMatchObject({ kind: 'answered', status: 302 })
    expect(seen).toHaveLength(1)
  })

  it('keeps the first 1,024 bytes of an answer and reads no more of it', async () => {
    const door = doorTo([PUBLIC])
    answer = () => ({ status: 200, body: 'x'.repeat(5_000_000) })
    expect(await door.call(call('https://hooks.example.com/'))).toEqual({
      kind: 'answered',
      status: 200,
      text: 'x'.repeat(1024),
    })
  })

  it('counts by its status when the body never ends', async () => {
    const door = doorTo([PUBLIC], { callMs: 400 })
    answer = () => 'stall'
    expect(await door.call(call('https://hooks.example.com/'))).toMatchObject({ kind: 'answered', status: 200 })
  })

  it('is given up when nothing is answered, or no name server does', async () => {
    const silent = doorTo([PUBLIC], { callMs: 300 })
    answer = () => 'silence'
    expect(await silent.call(call('https://hooks.example.com/'))).toEqual({ kind: 'failed', reason: 'timeout' })
    const unresolved = doorTo([], { callMs: 100, resolve: () => new Promise(() => undefined) })
    expect(await unresolved.call(call('https://hooks.example.com/'))).toEqual({ kind: 'failed', reason: 'timeout' })
    const unknown = doorTo([], { resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    expect(await unknown.call(call('https://hooks.example.com/'))).toEqual({ kind: 'failed', reason: 'dns' })
    expect(asked).toEqual([])
  })

  it('must prove its name by TLS, whatever address it has', async () => {
    expect(await doorTo([PUBLIC]).call(call('https://other.example.com/'))).toEqual({ kind: 'failed', reason: 'tls' })
    const stranger = createWebhookDoor({
      resolve: async () => [PUBLIC],
      connectTo: () => ({ host: '127.0.0.1', port }),
    })
    expect(await stranger.call(call('https://hooks.example.com/'))).toEqual({ kind: 'failed', reason: 'tls' })
    expect(seen).toEqual([])
  })
})

describe('what is not called', () => {
  it.each(REFUSED_TEXTS)('%j', async (url) => {
    const door = doorTo([PUBLIC])
    expect(await door.refusalOf(url)).toBeTypeOf('string')
    expect(await door.call(call(url))).toMatchObject({ kind: 'refused' })
    expect(asked).toEqual([])
  })

  it.each(REFUSED_ADDRESSES)('a name that leads to %j, alone or among public ones', async (address) => {
    expect(isPublicAddress(address)).toBe(false)
    for (const addresses of [[address], [PUBLIC, address], [address, PUBLIC]]) {
      const door = doorTo(addresses)
      expect(await door.call(call('https://hooks.example.com/'))).toEqual({
        kind: 'refused',
        reason: 'its name leads to an address that is not public',
      })
      expect(asked).toEqual([])
    }
  })

  it('a name without any address', async () => {
    expect(await doorTo([]).call(call('https://hooks.example.com/'))).toEqual({ kind: 'failed', reason: 'dns' })
  })
})

describe('what is called all the same', () => {
  it.each(['https://hooks.example.com/', 'https://hooks.example.com:8443/x', 'https://hooks.example.com./'])(
    '%s',
    async (url) => {
      expect(await doorTo([PUBLIC]).refusalOf(url)).toBeUndefined()
    },
  )

  it.each([PUBLIC, '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it('this machine, by http, when that is allowed for developing, and nothing else by that', async () => {
    const plain = createHttpServer((_request, response) => response.end('here'))
    await new Promise<void>((done) => {
      plain.listen(0, '127.0.0.1', done)
    })
    const { port: plainPort } = plain.address() as AddressInfo
    const url = `http://localhost:${plainPort}/`
    const open = createWebhookDoor({ isLoopbackAllowed: true, resolve: async () => ['10.0.0.1'] })
    expect(await open.call(call(url))).toEqual({ kind: 'answered', status: 200, text: 'here' })
    expect(await createWebhookDoor({}).call(call(url))).toMatchObject({ kind: 'refused' })
    for (const other of [
      'http://10.0.0.1/',
      'https://intranet.example.com/',
      'http://hooks.example.com/',
      'https://169.254.169.254/',
    ])
      expect(await open.call(call(other))).toMatchObject({ kind: 'refused' })
    plain.close()
  })
})
