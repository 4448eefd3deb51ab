import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { ApiScope } from '#shared/contracts/api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { addTotals } from '#tenant-stack/core/counters/counters.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { ana, invited } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

const omar = 'omar.haddad@example.com'

let tenant: TestTenant
let eventId = ''
let omarsId = ''
beforeAll(async () => {
  tenant = await createTestTenant()
  const bob = await invited(tenant)
  eventId = bob.eventId
  await bob.reply('google')
  const raw = organizerMail({ uid: 'omars@example.com', from: omar, lines: ['DTSTART:20270401T090000Z'] })
  omarsId = (await tenant.receive(raw, { from: omar })).eventIds[0] ?? ''
})
afterAll(() => tenant.close())

async function ask(path: string, scopes: readonly ApiScope[], body?: unknown, of: TestTenant = tenant) {
  const { secret } = await createApiKey(of.ctx, { label: 'test', scopes })
  const response = await createApi(of.ctx).request(`/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answered = z.record(z.string(), z.unknown()).parse(await response.json())
  return { status: response.status, body: answered }
}

const counted = (path: string) => ask(path, ['statistics:read'])
const listed = async (path: string) => {
  const { status, body } = await ask(path, ['events:read'])
  const ids = z
    .array(z.object({ id: z.string() }))
    .safeParse(body.data)
    .data?.map(({ id }) => id)
  return { status, ids, next: body.next_cursor, errors: body.errors }
}

const bobs = {
  attendees: 1,
  answers: { accepted: 1, declined: 0, tentative: 0, none: 0, delegated: 0 },
  mail: { sent: 1, failed: 0, suppressed: 0, delivered: 0, rejected: 0, bounced: 0, complained: 0 },
  channels: { api: 1 },
  clients: { google: 1 },
  over_time: [{ day: '2026-11-24', invited: 1, sent: 1, accepted: 1, declined: 0, bounced: 0 }],
}

describe('GET statistics', () => {
  it('200: of an event, its organizer and the domain', async () => {
    expect(await counted(`/events/${eventId}/statistics`)).toMatchObject({ status: 200, body: bobs })
    expect(await counted(`/organizers/${ana}/statistics`)).toMatchObject({
      status: 200,
      body: { ...bobs, organizer: ana, events: { created: 1, cancelled: 0 } },
    })
    expect(await counted('/organizers/Omar.Haddad@Example.com/statistics')).toMatchObject({
      body: { organizer: omar, events: { created: 1 }, attendees: 0, over_time: [] },
    })
    expect(await counted('/statistics')).toMatchObject({ status: 200, body: { ...bobs, events: { created: 2 } } })
  })

  it('200: the series of the asked days; the totals are of all time', async () => {
    expect(await counted('/statistics?since=2026-12-01&until=2026-12-31')).toMatchObject({
      body: { attendees: 1, over_time: [] },
    })
  })

  it('403: without the scope', async () => {
    for (const path of ['/statistics', `/organizers/${ana}/statistics`])
      expect((await ask(path, ['events:read'])).status).toBe(403)
  })

  it('404: nobody’s address and another tenant’s organizer alike', async () => {
    const other = await createTestTenant({ reader: tenant.ctx.reader })
    await tenant.receive(organizerMail({ uid: 'more@example.com' }), { from: ana })
    const answers = await Promise.all(
      [ana, 'nobody@example.com'].flatMap((email) =>
        ['events', 'statistics'].map((what) =>
          ask(`/organizers/${email}/${what}`, ['events:read', 'statistics:read'], undefined, other),
        ),
      ),
    )
    const seen = answers.map(({ body }) => JSON.stringify({ ...body, request_id: undefined }))
    expect(new Set(seen).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'organizer.not_found' } })
    await other.platform.close()
  })

  it('422: days that are none, in the wrong order, or too many', async () => {
    for (const query of ['since=yesterday', 'since=2026-12-02&until=2026-12-01', 'since=2020-01-01'])
      expect(await counted(`/statistics?${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ path: expect.stringContaining('since') }] },
      })
  })
})

describe('GET /v1/events with filters and GET /v1/organizers/{email}/events', () => {
  it('200: in the asked order, of the asked organizer, by pages', async () => {
    expect(await listed('/events?sort=start&time=future&status=confirmed&created_since=2026-11-24')).toMatchObject({
      status: 200,
      ids: expect.arrayContaining([eventId, omarsId]),
    })
    expect((await listed(`/events?organizer=${omar}`)).ids).toEqual([omarsId])
    expect((await listed(`/organizers/${omar}/events?time=past`)).ids).toEqual([])
    const first = await listed('/events?sort=-start&limit=1')
    expect(first.ids).toEqual([omarsId])
    expect(
      (await listed(`/events?sort=-start&limit=1&after=${encodeURIComponent(String(first.next))}`)).ids,
    ).not.toEqual(first.ids)
  })

  it('400: a cursor that is not ours; 422: a filter that is none', async () => {
    expect((await listed('/events?after=mine')).status).toBe(400)
    for (const query of ['sort=subject', 'time=now', 'status=maybe', 'created_since=soon'])
      expect(await listed(`/events?${query}`)).toMatchObject({ status: 422, errors: [{ path: query.split('=')[0] }] })
  })
})

describe('POST recount', () => {
  it('200: equal, different, repaired, and equal again', async () => {
    const recount = async (repair: boolean) =>
      (await ask(`/events/${eventId}/recount`, ['statistics:write'], { repair })).body
    expect(await recount(false)).toEqual({ state: 'equal', rows: 1, differences: [] })
    await tenant.ctx.table.write(addTotals(tenant.ctx, eventId, 'x', { sent: 3 }))
    const differences = [{ name: 'sent', counted: 4, rows: 1 }]
    expect(await recount(false)).toEqual({ state: 'different', rows: 1, differences })
    expect(await recount(true)).toEqual({ state: 'repaired', rows: 1, differences })
    expect(await recount(false)).toMatchObject({ state: 'equal' })
    for (const path of [`/organizers/${ana}/recount`, '/recount'])
      expect(await ask(path, ['statistics:write'], {})).toMatchObject({ status: 200, body: { state: 'equal' } })
  })

  it('403: for a key that may only read; 404: of what is not there', async () => {
    expect((await ask('/recount', ['statistics:read'], {})).status).toBe(403)
    expect((await ask('/events/evt_none/recount', ['statistics:write'], {})).status).toBe(404)
    expect((await ask('/organizers/nobody@example.com/recount', ['statistics:write'], {})).status).toBe(404)
  })
})
