import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApiScope, pageOf } from '#shared/contracts/api.ts'
import { ProposalView } from '#shared/contracts/replies-api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { invited } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(() => tenant.close())

const read: readonly ApiScope[] = ['attendees:read']
const write: readonly ApiScope[] = ['events:write']

async function call(method: 'GET' | 'POST', path: string, scopes: readonly ApiScope[]) {
  const { secret } = await createApiKey(tenant.ctx, { label: 'test', scopes: [...scopes] })
  const headers = { authorization: `Bearer ${secret}` }
  const response = await createApi(tenant.ctx).request(`/v1${path}`, { method, headers })
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) }
}

async function proposed(uid: string, days: readonly number[]) {
  const one = await invited(tenant, uid)
  for (const day of days) {
    // Of one and the same millisecond there would be no older one.
    tenant.platform.clock.advance(1)
    await one.reply('outlook', {
      method: 'COUNTER',
      partstat: 'TENTATIVE',
      comment: 'My phone is 555',
      start: `202703${day}T150000Z`,
      end: `202703${day}T160000Z`,
      dtstamp: `20261123T${day}0000Z`,
    })
  }
  const list = (query = '', scopes = read) => call('GET', `/events/${one.eventId}/proposals${query}`, scopes)
  const { data } = pageOf(ProposalView).parse((await list()).body)
  return { ...one, list, ids: data.map(({ id }) => id) }
}

describe('GET /v1/events/{eventId}/proposals', () => {
  it('200: who proposes what, masked unless the key may see; by pages, oldest first', async () => {
    const one = await proposed('list@example.com', [10, 11])
    expect((await one.list()).body).toMatchObject({
      data: [
        { state: 'replaced', is_acceptable: false },
        {
          state: 'open',
          is_acceptable: true,
          from: { start: { local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' } },
          to: { start: { local: '2027-03-11T16:00:00' } },
        },
      ],
      has_more: false,
    })
    const masked = JSON.stringify((await one.list()).body)
    for (const secret of ['bob@example.org', '555']) expect(masked).not.toContain(secret)
    const whole = await one.list('', [...read, 'attendees:unmasked'])
    expect(whole.body).toMatchObject({ data: [{}, { proposed_by: 'bob@example.org', comment: 'My phone is 555' }] })
    const first = await one.list('?limit=1')
    expect(first.body).toMatchObject({ data: [{ id: one.ids[0] }], has_more: true })
    const after = encodeURIComponent(String(first.body.next_cursor))
    expect((await one.list(`?limit=5&after=${after}`)).body).toMatchObject({ data: [{ id: one.ids[1] }] })
  })

  it('403, 404: a key without the scope, an event that there is not', async () => {
    const one = await invited(tenant, 'none@example.com')
    expect((await call('GET', `/events/${one.eventId}/proposals`, write)).status).toBe(403)
    expect((await call('GET', '/events/evt_none/proposals', read)).status).toBe(404)
  })
})

describe('POST /v1/proposals/{proposalId}/accept and decline', () => {
  it('200: accepts, again too, and the event moves; then it cannot be declined', async () => {
    const one = await proposed('accept@example.com', [12])
    const [id = ''] = one.ids
    expect(await call('POST', `/proposals/${id}/accept`, write)).toMatchObject({
      status: 200,
      body: { state: 'accepting', decided_by: 'api' },
    })
    await tenant.drain()
    expect(await call('POST', `/proposals/${id}/accept`, write)).toMatchObject({
      status: 200,
      body: { state: 'accepted' },
    })
    expect(await call('POST', `/proposals/${id}/decline`, write)).toMatchObject({
      status: 409,
      body: { code: 'proposal.decided' },
    })
    expect((await call('GET', `/events/${one.eventId}`, ['events:read'])).body).toMatchObject({
      sequence: 1,
      start: { local: '2027-03-12T16:00:00' },
    })
  })

  it('200: declines', async () => {
    const one = await proposed('decline@example.com', [13])
    expect(await call('POST', `/proposals/${one.ids[0]}/decline`, write)).toMatchObject({
      status: 200,
      body: { state: 'declined' },
    })
  })

  it('403, 404: a key without the scope; no such proposal, another tenant’s, or no id at all, byte for byte alike', async () => {
    const one = await proposed('foreign@example.com', [14])
    const [id = ''] = one.ids
    expect((await call('POST', `/proposals/${id}/accept`, read)).status).toBe(403)
    const platform = { ...tenant.platform, table: tenant.platform.tableOf('tenant-b') }
    const other = await createTestTenant({ platform, reader: tenant.ctx.reader })
    const { secret } = await createApiKey(other.ctx, { label: 'theirs', scopes: [...write] })
    const theirs = await createApi(other.ctx).request(`/v1/proposals/${id}/accept`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    })
    const bodies = [z.record(z.string(), z.unknown()).parse(await theirs.json())]
    for (const none of ['prp_nonsense', `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`])
      bodies.push((await call('POST', `/proposals/${none}/accept`, write)).body)
    expect(new Set(bodies.map(({ request_id: _id, ...rest }) => JSON.stringify(rest))).size).toBe(1)
    expect(bodies[0]).toMatchObject({ status: 404, code: 'proposal.not_found' })
  })
})
