import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApiScope, AttendeeView, pageOf } from '#shared/contracts/api.ts'
import { StatisticsView } from '#shared/contracts/statistics-api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

const everything: readonly ApiScope[] = [
  'events:read',
  'statistics:read',
  'attendees:read',
  'attendees:unmasked',
  'invitations:write',
  'mails:read',
]

let tenant: TestTenant
let api: ReturnType<typeof createApi>
let eventId = ''
let secret = ''

beforeAll(async () => {
  tenant = await createTestTenant()
  api = createApi(tenant.ctx)
  const raw = await readFile(new URL('../../samples/google-weekly-recurring.eml', import.meta.url))
  eventId = (await tenant.receive(raw)).eventIds[0] ?? ''
  secret = (await createApiKey(tenant.ctx, { label: 'test', scopes: everything })).secret
})
afterAll(async () => tenant.close())

const keyOf = async (...scopes: ApiScope[]) => (await createApiKey(tenant.ctx, { label: 'few', scopes })).secret

async function call(
  path: string,
  init: { readonly key?: string | null; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
) {
  const key = init.key === undefined ? secret : init.key
  const response = await api.request(`/v1${path}`, {
    method: init.body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: typeof init.body === 'string' ? init.body : JSON.stringify(init.body) }),
  })
  const body = z.record(z.string(), z.unknown()).parse(await response.json())
  return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, body }
}

const invite = (email: string, headers: Record<string, string> = {}, name?: string) =>
  call(`/events/${eventId}/invitations`, { body: { email, ...(name === undefined ? {} : { name }) }, headers })

describe('GET /v1/events/{eventId}', () => {
  it('200: title, instants, zone, recurrence and body', async () => {
    const { status, body } = await call(`/events/${eventId}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: eventId,
      uid: `${eventId}@events.example.net`,
      subject: 'Team breakfast ☕',
      start: { instant: '2027-03-17T08:30:00Z', time_zone: 'Europe/Madrid', local: '2027-03-17T09:30:00' },
      end: { instant: '2027-03-17T09:00:00Z' },
      recurrence: { rules: [expect.stringContaining('FREQ=WEEKLY')] },
      status: 'confirmed',
      sequence: 0,
      client: 'google',
    })
  })

  it('200: the key may come in x-api-key', async () => {
    expect((await call(`/events/${eventId}`, { key: null, headers: { 'x-api-key': secret } })).status).toBe(200)
  })

  it('401: no key, a wrong key, a key of the wrong form', async () => {
    for (const key of [null, 'cvk_00000000000000000000000099', 'nonsense']) {
      const { status, type, body, headers } = await call(`/events/${eventId}`, { key })
      expect([status, type]).toEqual([401, 'application/problem+json'])
      expect(body).toMatchObject({ code: 'api.unauthorized', status: 401, request_id: headers.get('x-request-id') })
      expect(headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('403: a key without the scope', async () => {
    const { status, body } = await call(`/events/${eventId}`, { key: await keyOf('statistics:read') })
    expect([status, body.code]).toEqual([403, 'api.forbidden'])
  })

  it('404: an unknown event, and another tenant’s answers byte for byte alike', async () => {
    const platform = { ...tenant.platform, table: tenant.platform.tableOf('tenant-b') }
    const other = await createTestTenant({ platform, reader: tenant.ctx.reader })
    const theirs = (await other.receive(await readFile(new URL('../../samples/yahoo-timed.eml', import.meta.url))))
      .eventIds[0]
    const answers = await Promise.all([call('/events/evt_none'), call(`/events/${theirs}`)])
    const bodies = answers.map(({ status, body: { request_id: _id, ...rest } }) => JSON.stringify({ status, rest }))
    expect(bodies[0]).toBe(bodies[1])
    expect(answers[0]?.status).toBe(404)
  })
})

describe('POST /v1/events/{eventId}/invitations', () => {
  it('202: the invitation and its state, one mail', async () => {
    const { status, body } = await invite('bob@example.org', {}, 'Bob')
    expect(status).toBe(202)
    expect(body).toMatchObject({
      event_id: eventId,
      email: 'bob@example.org',
      name: 'Bob',
      state: 'planned',
      answer: 'none',
    })
    await tenant.drain()
    expect((await invite('BOB@example.org')).body).toMatchObject({ id: body.id, state: 'sent' })
    await tenant.drain()
    expect((await tenant.sent()).filter((mail) => mail.to === 'bob@example.org')).toHaveLength(1)
  })

  it('202: an Idempotency-Key gets its first answer again, byte for byte', async () => {
    const first = await invite('idem@example.org', { 'idempotency-key': 'k1' })
    const again = await invite('idem@example.org', { 'idempotency-key': 'k1' })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replay')).toBe('true')
  })

  it('422: an Idempotency-Key used for another request', async () => {
    await invite('idem2@example.org', { 'idempotency-key': 'k2' })
    const { status, body } = await invite('other@example.org', { 'idempotency-key': 'k2' })
    expect([status, body.code]).toEqual([422, 'api.idempotency_mismatch'])
  })

  it('400: a body that is no JSON', async () => {
    const { status, type } = await call(`/events/${eventId}/invitations`, { body: '{"email":' })
    expect([status, type]).toEqual([400, 'application/problem+json'])
  })

  it('413: a body over 64 KB', async () => {
    const { status } = await call(`/events/${eventId}/invitations`, {
      body: { email: 'a@example.org', name: 'x'.repeat(70_000) },
    })
    expect(status).toBe(413)
  })

  for (const [email, why] of [
    ['not an address', 'no address'],
    ['a@b', 'a domain without a dot'],
    ['a@example.org\r\nBcc: eve@example.org', 'a line end'],
    ['"quoted local"@example.org', 'a quoted local part'],
    [`${'a'.repeat(65)}@example.org`, 'a local part over 64 octets'],
  ] as const)
    it(`422: ${why}`, async () => {
      expect((await invite(email)).status).toBe(422)
    })

  it('422: a name with control characters, an unknown field, an address of the domain itself', async () => {
    expect((await invite('c@example.org', {}, 'Bob\r\nBcc: eve@example.org')).status).toBe(422)
    expect((await call(`/events/${eventId}/invitations`, { body: { email: 'c@example.org', to: 'x' } })).status).toBe(
      422,
    )
    expect((await invite('create@events.example.net')).body).toMatchObject({ code: 'invitation.own_domain' })
  })

  it('404: an unknown event', async () => {
    expect((await call('/events/evt_none/invitations', { body: { email: 'c@example.org' } })).status).toBe(404)
  })
})

describe('GET /v1/events/{eventId}/attendees', () => {
  it('200: addresses masked without the scope, whole with it, in pages', async () => {
    for (let one = 0; one < 5; one += 1) await invite(`page${one}@example.org`)
    await tenant.drain()
    const masked = await call(`/events/${eventId}/attendees?limit=2`, { key: await keyOf('attendees:read') })
    expect(JSON.stringify(masked.body)).toMatch(/"email":".•••@example.org"/)
    const seen: string[] = []
    let after = ''
    for (let pages = 0; pages < 20; pages += 1) {
      const page = await call(
        `/events/${eventId}/attendees?limit=2${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
      )
      const { data, has_more, next_cursor } = pageOf(AttendeeView).parse(page.body)
      seen.push(...data.map((row) => row.email))
      if (!has_more) break
      after = next_cursor ?? ''
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(['page0@example.org', 'page4@example.org', 'bob@example.org']))
  })

  it('400: a cursor that is not ours; 422: a limit out of range', async () => {
    expect((await call(`/events/${eventId}/attendees?after=xyz`)).status).toBe(400)
    expect((await call(`/events/${eventId}/attendees?limit=0`)).status).toBe(422)
  })
})

describe('GET /v1/events, /statistics, /received-mails, /openapi.json', () => {
  it('200: events newest first, received mails with outcome, numbers', async () => {
    expect((await call('/events')).body).toMatchObject({ data: [{ id: eventId }], has_more: false })
    expect((await call('/received-mails')).body).toMatchObject({
      data: [{ outcome: { kind: 'acted', reason: 'created', event_ids: [eventId] } }],
    })
    const { body } = await call(`/events/${eventId}/statistics`)
    const { attendees } = StatisticsView.parse(body)
    expect(body).toMatchObject({
      mail: { sent: attendees, failed: 0 },
      channels: { api: attendees },
      answers: { none: attendees },
    })
  })

  it('400: a cursor that names no month of ours, or one to come', async () => {
    for (const after of ['x', '9999-12', '2026-13', '2026-11~zzz'])
      expect((await call(`/events?after=${after}`)).status).toBe(400)
  })

  it('404: an address that is not there, as problem+json', async () => {
    const { status, type } = await call('/nothing')
    expect([status, type]).toEqual([404, 'application/problem+json'])
  })
})
