import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import type { ApiScope } from '#shared/contracts/api.ts'
import { ListView } from '#shared/contracts/lists-api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

let tenant: TestTenant
let eventId: string
let key: string
beforeAll(async () => {
  tenant = await createTestTenant()
  eventId = (await tenant.receive(organizerMail({ uid: 'talk@example.com' }))).eventIds[0] ?? ''
  key = await keyOf('lists:read', 'lists:write')
})
afterAll(() => tenant.close())

const keyOf = async (...scopes: ApiScope[]) => (await createApiKey(tenant.ctx, { label: 'test', scopes })).secret

async function call(
  method: string,
  path: string,
  init: { readonly body?: FormData | string; readonly key?: string; readonly headers?: Record<string, string> } = {},
) {
  const response = await createApi(tenant.ctx).request(`/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${init.key ?? key}`, ...init.headers },
    ...(init.body === undefined ? {} : { body: init.body }),
  })
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) }
}

function formOf(bytes: Uint8Array<ArrayBuffer> | string, name = 'people.csv'): FormData {
  const form = new FormData()
  form.set('file', new File([bytes], name))
  return form
}

const upload = (bytes: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}) =>
  call('POST', `/events/${eventId}/lists`, { body: formOf(bytes), headers })

it('takes a file as it is, checks it, sends it and tells how far it is', async () => {
  // windows-1252: its bytes are no UTF-8.
  const bytes = Uint8Array.from(Buffer.from('email;name\nzoe@example.org;Zo\xeb\nnobody;x\n', 'latin1'))
  const first = await upload(bytes, { 'idempotency-key': 'one' })
  expect(first).toMatchObject({ status: 202, body: { state: 'checking', file_name: 'people.csv' } })
  await tenant.drain()
  const { id } = ListView.parse(first.body)
  expect(await call('GET', `/lists/${id}`)).toMatchObject({
    status: 200,
    body: { state: 'ready', rows: 2, valid: 1, over_limit: 0, refused: { invalid_address: 1 } },
  })
  const rows = await call('GET', `/lists/${id}/rows`)
  expect(rows.body).toMatchObject({ data: [{ line: 3, reason: 'invalid_address' }], has_more: false })
  expect((await call('POST', `/lists/${id}/confirm`)).body).toMatchObject({ state: 'sending' })
  await tenant.drain()
  expect((await call('GET', `/lists/${id}`)).body).toMatchObject({ state: 'done', planned: 1, sent: 1, failed: 0 })
  expect((await call('POST', `/lists/${id}/cancel`)).body).toMatchObject({ code: 'list.wrong_state', status: 409 })
  expect((await call('GET', `/events/${eventId}/lists`)).body).toMatchObject({ data: [{ id }], has_more: false })
})

it('takes the same form a second time as the same request, and the text itself without a form', async () => {
  const headers = { 'idempotency-key': 'again' }
  const first = await upload('a@example.org', headers)
  expect(await upload('a@example.org', headers)).toEqual(first)
  expect(await upload('b@example.org', headers)).toMatchObject({
    status: 422,
    body: { code: 'api.idempotency_mismatch' },
  })
  for (const type of ['text/csv; charset=utf-8', 'text/plain']) {
    const sent = await call('POST', `/events/${eventId}/lists`, {
      body: 'email\na1@example.org\na2@example.org',
      headers: { 'content-type': type },
    })
    await tenant.drain()
    expect(sent).toMatchObject({ status: 202 })
    expect((await call('GET', `/lists/${ListView.parse(sent.body).id}`)).body).toMatchObject({ rows: 2, valid: 2 })
  }
})

it('says what is wrong with what it cannot take', async () => {
  expect(await upload('\n\n')).toMatchObject({ status: 422, body: { code: 'list.empty' } })
  const path = `/events/${eventId}/lists`
  const headers = { 'content-type': 'application/json' }
  expect(await call('POST', path, { body: '[]', headers })).toMatchObject({ status: 415 })
  const withoutFile = await call('POST', path, { body: new FormData() })
  expect(withoutFile).toMatchObject({ status: 422, body: { code: expect.stringMatching(/^api\.(invalid|no_file)$/) } })
  expect(await upload('x'.repeat(5 * 1024 * 1024))).toMatchObject({ status: 413, body: { code: 'api.too_large' } })
  expect((await call('POST', '/events/evt_none/lists', { body: formOf('a@example.org') })).status).toBe(404)
  expect((await call('GET', '/lists/lst_none')).status).toBe(404)
  expect((await call('GET', '/lists/lst_none/rows')).status).toBe(404)
  expect((await call('POST', '/lists/lst_none/confirm')).status).toBe(404)
})

it('shows addresses to keys that may see them, and lists to keys that may read them', async () => {
  const { body } = await upload('email\nbad address bob@example.org x\nok@example.org')
  await tenant.drain()
  const path = `/lists/${ListView.parse(body).id}/rows`
  expect(JSON.stringify((await call('GET', path)).body)).not.toContain('bob@example.org')
  const open = await call('GET', path, { key: await keyOf('lists:read', 'attendees:unmasked') })
  expect(JSON.stringify(open.body)).toContain('bob@example.org')
  expect((await call('GET', path, { key: await keyOf('events:read') })).status).toBe(403)
  expect(
    (await call('POST', `/events/${eventId}/lists`, { body: formOf('a@b.example'), key: await keyOf('lists:read') }))
      .status,
  ).toBe(403)
})

it('tells of a list that is only looked at what would be sent, and leaves nothing to confirm', async () => {
  const text = 'fresh@example.org\nfresh@example.org\nnobody\n'
  const headers = { 'idempotency-key': 'dry', 'content-type': 'text/plain' }
  const looked = await call('POST', `/events/${eventId}/lists?dry_run=true`, { body: text, headers })
  expect(looked).toMatchObject({ status: 202, body: { state: 'checking', dry_run: true } })
  await tenant.drain()
  const { id } = ListView.parse(looked.body)
  expect((await call('GET', `/lists/${id}`)).body).toMatchObject({
    state: 'cancelled',
    dry_run: true,
    rows: 3,
    valid: 1,
    over_limit: 0,
    refused: { duplicate: 1, missing_address: 1 },
    planned: 0,
  })
  expect((await call('GET', `/lists/${id}/rows`)).body).toMatchObject({ data: [{ line: 2 }, { line: 3 }] })
  expect((await call('POST', `/lists/${id}/confirm`)).body).toMatchObject({ code: 'list.wrong_state', status: 409 })
  // The same key for the real list is another request, not the answer about the look.
  const real = await call('POST', `/events/${eventId}/lists`, { body: text, headers })
  expect(real).toMatchObject({ status: 422, body: { code: 'api.idempotency_mismatch' } })
})
