import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'

const create = 'create@demo.localhost'
const vector = '<script>alert(1)</script><img src=x onerror=alert(2)>'
let product: TestProduct

beforeAll(async () => {
  product = await startProduct()
})

afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

/** fetch does not let a caller write the Host header. */
async function statusAs(host: string, path: string): Promise<number> {
  const { baseUrl } = await product.running()
  const port = new URL(baseUrl).port
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

const hostileInvite = [
  `From: "${vector}" <ana.diaz@example.com>`,
  `To: ${create}`,
  `Subject: ${vector}`,
  'Message-ID: <hostile@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  `<p>Hello</p>${vector}`,
  '--b',
  `Content-Type: text/calendar; charset=utf-8; method=REQUEST; name="\\"><script>.ics"`,
  '',
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Example//Test//EN',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'UID:hostile@example.com',
  'DTSTAMP:20261123T090000Z',
  'DTSTART:20300301T090000Z',
  'DTEND:20300301T100000Z',
  `SUMMARY:${vector}`,
  `DESCRIPTION:${vector}`,
  `LOCATION:"${vector}`,
  'ORGANIZER:mailto:ana.diaz@example.com',
  `ATTENDEE:mailto:${create}`,
  'END:VEVENT',
  'END:VCALENDAR',
  '--b--',
  '',
].join('\r\n')

it('opens the start page, the empty outbox and the empty log', async () => {
  for (const path of ['/', '/outbox', '/inbound']) {
    const response = await product.page(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain(create)
  }
})

it('shows a hostile mail without running any of it', async () => {
  await product.sendMail({ raw: hostileInvite, to: create })
  const { mailerMessageId } = await product.waitForOutbox(({ kind }) => kind === 'Created')
  for (const path of ['/', '/outbox', '/inbound', `/outbox/${mailerMessageId}`]) {
    const response = await product.page(path)
    const text = await response.text()
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toMatch(/<script|<img|\son\w+="/)
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/)
  }
  const body = await product.page(`/outbox/${mailerMessageId}/body`)
  expect(body.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none';/)
  expect(await body.text()).not.toMatch(/<script|<img/)
})

it('403 for the local pages under a name that is not this machine (DNS rebinding)', async () => {
  const { port } = new URL((await product.running()).baseUrl)
  for (const host of [
    'evil.example.com',
    `evil.example.com:${port}`,
    'localhost.evil.example.com',
    '127.0.0.1.example.com',
  ]) {
    expect(await statusAs(host, '/outbox')).toBe(403)
    expect(await statusAs(host, '/')).toBe(403)
  }
  for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    expect(await statusAs(host, '/outbox')).toBe(200)
  }
})

it('401 without a key, problem+json, and 404 as problem+json behind /v1', async () => {
  const denied = await product.page('/v1/received-mails')
  expect(denied.status).toBe(401)
  expect(denied.headers.get('content-type')).toContain('application/problem+json')
  const missing = await product.page('/v1/nothing-here')
  expect(missing.status).toBe(404)
  expect(missing.headers.get('content-type')).toContain('application/problem+json')
})

it('invites a person by the API: one mail, told once however often the same key asks', async () => {
  const log = await product.api('/received-mails')
  const eventId = /evt_[a-z0-9]{26}/.exec(JSON.stringify(log.body))?.[0]
  const ask = () =>
    product.api(`/events/${eventId}/invitations`, {
      method: 'POST',
      headers: { 'idempotency-key': 'only-once' },
      body: JSON.stringify({ email: 'bob@example.org', name: 'Bob' }),
    })
  const first = await ask()
  expect(first.status).toBe(202)
  expect((await ask()).body).toEqual(first.body)
  await product.waitForOutbox(({ kind, to }) => kind === 'Invitation' && to === 'bob@example.org')
  expect((await product.outbox()).filter(({ to }) => to === 'bob@example.org')).toHaveLength(1)
})

it('413 for a body over the limit', async () => {
  const { status } = await product.api('/events/evt_1/invitations', {
    method: 'POST',
    body: `"${'x'.repeat(2_000_000)}"`,
  })
  expect(status).toBe(413)
})
