import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ApiScope } from '#shared/contracts/api.ts'
import { createWebhookDoor } from '#shared/platform/node/webhook-door.ts'
import { type Answered, apiCaller } from '#test/harness/tenant/api-caller.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const url = 'https://hooks.example.com/in'

let tenant: TestTenant
let call: Awaited<ReturnType<typeof apiCaller>>
beforeEach(async () => {
  tenant = await createTestTenant({
    adjust: (ctx) => ({
      ...ctx,
      webhookDoor: { ...ctx.webhookDoor, refusalOf: (text) => createWebhookDoor().refusalOf(text) },
    }),
  })
  call = await apiCaller(tenant.ctx)
})
afterEach(() => tenant.close())

const withScopes = (...scopes: ApiScope[]) => apiCaller(tenant.ctx, ['webhooks:read', 'webhooks:write', ...scopes])
const make = async (body: object = {}, by = call) =>
  by('POST', '/webhooks', { body: { url, types: ['answer.recorded'], ...body } })
const idOf = ({ body }: Answered) => String(body.id)

it('201: a webhook with its secret, which no later answer shows', async () => {
  const made = await make({ description: 'our CRM' })
  expect(made).toMatchObject({
    status: 201,
    body: { url, is_enabled: true, addresses: 'unmasked', description: 'our CRM' },
  })
  expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{60,80}=*$/)
  const secretBytes = Buffer.from(String(made.body.secret).slice(6), 'base64').length
  expect(secretBytes).toBeGreaterThanOrEqual(24)
  expect(secretBytes).toBeLessThanOrEqual(64)
  const seen = [await call('GET', '/webhooks'), await call('GET', `/webhooks/${idOf(made)}`)]
  for (const { status, text } of seen) {
    expect(status).toBe(200)
    expect(text).not.toContain('whsec_')
  }
})

it('201 again: a repeated request makes no second one and shows no secret', async () => {
  const ask = () =>
    call('POST', '/webhooks', { body: { url, types: ['list.done'] }, headers: { 'idempotency-key': 'k' } })
  const [first, again] = [await ask(), await ask()]
  expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id])
  expect(again.text).not.toContain('whsec_')
  const { items } = await tenant.ctx.table.query({ pk: `webhook#${idOf(first)}`, limit: 10 })
  expect(items.filter(({ sk }) => sk === 'secrets')).toHaveLength(1)
})

it('422: an address that would not be called, an unknown type, none', async () => {
  for (const bad of ['http://hooks.example.com/', 'https://127.0.0.1/', 'https://hooks.example.com:22/', 'https://a/'])
    expect(await make({ url: bad })).toMatchObject({ status: 422, body: { code: 'webhook.bad_url' } })
  expect((await make({ types: ['event.deleted'] })).status).toBe(422)
  expect((await make({ types: [] })).status).toBe(422)
})

it('403: a key has told what it may read, and nothing else', async () => {
  const few = await withScopes('events:read')
  expect(await make({}, few)).toMatchObject({ status: 403, body: { code: 'webhook.scope_exceeded' } })
  expect((await make({ types: ['event.created'] }, few)).status).toBe(201)
  const full = await make()
  // Who may not read answers must not lead them to a server of his own.
  for (const body of [{ url: 'https://mine.example.org/' }, { description: 'x' }, { is_enabled: false }])
    expect((await few('PATCH', `/webhooks/${idOf(full)}`, { body })).status).toBe(403)
})

it('masks addresses from then on when a key changes it that sees them masked', async () => {
  const made = await make()
  const masked = await withScopes('attendees:read')
  const changed = await masked('PATCH', `/webhooks/${idOf(made)}`, { body: { url: 'https://mine.example.org/' } })
  expect(changed).toMatchObject({ status: 200, body: { addresses: 'masked' } })
  const back = await call('PATCH', `/webhooks/${idOf(made)}`, { body: { url } })
  expect(back.body.addresses).toBe('masked')
})

it('200: is changed, disabled, enabled and rotated', async () => {
  const id = idOf(await make({ description: 'old' }))
  const off = await call('PATCH', `/webhooks/${id}`, { body: { is_enabled: false, description: '' } })
  expect(off.body).toMatchObject({ is_enabled: false, disabled_because: 'asked' })
  expect(off.body.description).toBeUndefined()
  expect(await call('POST', `/webhooks/${id}/test`)).toMatchObject({ status: 409, body: { code: 'webhook.disabled' } })
  const on = await call('PATCH', `/webhooks/${id}`, { body: { is_enabled: true } })
  expect([on.body.is_enabled, on.body.disabled_because]).toEqual([true, undefined])
  const rotated = await call('POST', `/webhooks/${id}/rotate`, { body: {} })
  expect(rotated.body.secret).toMatch(/^whsec_/)
  expect((await call('POST', `/webhooks/${id}/rotate`, { body: { overlap_seconds: 604_801 } })).status).toBe(422)
})

it('202: a test message is sent, logged, and sent again when asked', async () => {
  const id = idOf(await make())
  const sent = await call('POST', `/webhooks/${id}/test`)
  expect(sent).toMatchObject({ status: 202, body: { type: 'webhook.test', state: 'pending' } })
  await tenant.drain()
  const log = await call('GET', `/webhooks/${id}/deliveries`)
  expect(log.body.data).toMatchObject([{ id: sent.body.id, attempt_count: 1, attempts: [{ failure: 'connection' }] }])
  const again = await call('POST', `/webhooks/${id}/deliveries/${String(sent.body.id)}/resend`)
  expect(again).toMatchObject({ status: 202, body: { id: sent.body.id } })
})

it('pages the log by cursor, newest first, each line once', async () => {
  const id = idOf(await make())
  for (let count = 0; count < 7; count += 1) await call('POST', `/webhooks/${id}/test`)
  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 5; page += 1) {
    const { body } = await call('GET', `/webhooks/${id}/deliveries?limit=3${after}`)
    if (Array.isArray(body.data)) seen.push(...body.data.map(({ id: one }: { id: string }) => one))
    if (body.has_more !== true) break
    after = `&after=${encodeURIComponent(String(body.next_cursor))}`
  }
  expect(seen).toHaveLength(7)
  expect(new Set(seen).size).toBe(7)
  expect(seen).toEqual(seen.toSorted((a, b) => (a < b ? 1 : -1)))
})

it('409: ten at most, two of them for each invite', async () => {
  for (let count = 0; count < 2; count += 1) expect((await make({ types: ['invitation.sent'] })).status).toBe(201)
  expect(await make({ types: ['invitation.sent'] })).toMatchObject({ status: 409, body: { code: 'webhook.too_many' } })
  for (let count = 2; count < 10; count += 1) expect((await make()).status).toBe(201)
  expect(await make()).toMatchObject({ status: 409, body: { code: 'webhook.too_many' } })
})

it('two made at once are both there', async () => {
  await Promise.all([make(), make(), make()])
  expect((await call('GET', '/webhooks')).body.data).toHaveLength(3)
})

it('204: is removed with its secrets; again it changes nothing; 404 from then on', async () => {
  const id = idOf(await make())
  for (let times = 0; times < 2; times += 1) expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204)
  const { items } = await tenant.ctx.table.query({ pk: `webhook#${id}`, limit: 10 })
  expect(JSON.stringify(items)).not.toContain('whsec_')
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['POST', '/test'],
    ['POST', '/rotate'],
    ['GET', '/deliveries'],
    ['POST', '/deliveries/msg_none/resend'],
  ] as const)
    expect((await call(method, `/webhooks/${id}${path}`, method === 'GET' ? {} : { body: {} })).status).toBe(404)
})

it('403: without the scope', async () => {
  const reading = await apiCaller(tenant.ctx, ['webhooks:read', 'attendees:read'])
  expect((await make({}, reading)).status).toBe(403)
  expect((await reading('GET', '/webhooks')).status).toBe(200)
  const none = await apiCaller(tenant.ctx, ['events:read'])
  expect((await none('GET', '/webhooks')).status).toBe(403)
})
