import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptInvitation } from '#control-plane/core/person/change-membership.ts'
import { type Answer, type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let ownerKey = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  ownerKey = await api.key(acme, 'owner')
})
afterEach(() => api.close())

const invite = (key: string, email = 'bob@example.com', role = 'admin', query = '') =>
  api.call(`/v1/people${query}`, { key, body: { email, name: 'Bob', role } })

describe('people', () => {
  it('201: invites, mails once, and lists as invited', async () => {
    const { status, body } = await invite(ownerKey, ' Bob@Example.com'.trim())
    expect([status, body]).toEqual([201, expect.objectContaining({ email: 'bob@example.com', state: 'invited' })])
    expect(await api.plane.takeAll('mail-due')).toHaveLength(1)
    expect((await api.call('/v1/people', { key: ownerKey })).body).toMatchObject({
      has_more: false,
      data: [{ id: body.id }],
    })
  })

  it('403: billing, admin and viewer may not; 409: invited already; 422: a role of the vendor', async () => {
    for (const role of ['admin', 'billing', 'viewer'] as const)
      expect((await invite(await api.key(acme, role))).status).toBe(403)
    expect((await invite(ownerKey)).status).toBe(201)
    expect(await invite(ownerKey)).toMatchObject({ status: 409, body: { code: 'person.member_already' } })
    expect(await invite(ownerKey, 'eve@example.com', 'vendor_admin')).toMatchObject({ status: 422 })
    expect(await invite(ownerKey, 'no address')).toMatchObject({ status: 422, body: { errors: [{ path: 'email' }] } })
  })

  it('422: a name with marks that nobody sees, of a person, key or licensee; one that is stored already is read', async () => {
    const hidden = 'Ann\u202etxt.exe'
    const vendorKey = await api.key({ kind: 'vendor' }, 'vendor_admin')
    const answers = await Promise.all([
      api.call('/v1/people', { key: ownerKey, body: { email: 'bob@example.com', name: hidden, role: 'admin' } }),
      api.call('/v1/keys', { key: ownerKey, body: { label: hidden, role: 'viewer' } }),
      api.call('/v1/licensees', { key: vendorKey, body: { name: hidden, billing_email: 'pay@example.com' } }),
    ])
    for (const { status, text } of answers) {
      expect(status).toBe(422)
      expect(text).toContain('invisible characters')
    }
    const old = await api.licensee(hidden)
    expect((await api.call(`/v1/licensees/${old.licenseeId}`, { key: vendorKey })).body).toMatchObject({ name: hidden })
  })

  it('an invitation is void after two weeks, and can be made again', async () => {
    const { body } = await invite(ownerKey)
    api.plane.platform.clock.advance(15 * 24 * 3600)
    const personId = String(body.id)
    await expect(acceptInvitation(api.plane.ctxOf(), { organization: acme, personId })).rejects.toMatchObject({
      status: 404,
    })
    expect((await invite(ownerKey)).status).toBe(201)
    expect(await acceptInvitation(api.plane.ctxOf(), { organization: acme, personId })).toMatchObject({
      state: 'active',
    })
  })

  it('429: one address again and again, or hundreds of them, so that nobody mails strangers in our name', async () => {
    const uninvite = (personId: unknown) => api.call(`/v1/people/${personId}`, { method: 'DELETE', key: ownerKey })
    for (let time = 1; time <= 5; time += 1) await uninvite((await invite(ownerKey)).body.id)
    expect(await invite(ownerKey)).toMatchObject({ status: 429, body: { code: 'rate.too_many' } })
    const others = Array.from({ length: 100 }, (_, index) => invite(ownerKey, `stranger${index}@example.com`))
    const statuses = (await Promise.all(others)).map(({ status }) => status)
    expect([statuses.filter((status) => status === 201).length, statuses.includes(429)]).toEqual([95, true])
    expect((await invite(await api.key(await api.licensee('Bolt'), 'owner'))).status).toBe(201)
    api.plane.platform.clock.advance(25 * 3600)
    expect((await invite(ownerKey)).status).toBe(201)
  })

  it('a changed role and a removal hold at the next request', async () => {
    await api.person(acme, 'owner')
    const { personId, cookie } = await api.person(acme, 'admin')
    expect((await api.call('/v1/keys', { cookie })).status).toBe(200)
    const demoted = await api.call(`/v1/people/${personId}`, {
      method: 'PATCH',
      key: ownerKey,
      body: { role: 'viewer' },
    })
    expect([demoted.status, demoted.body.role]).toEqual([200, 'viewer'])
    expect((await api.call('/v1/keys', { cookie })).status).toBe(403)
    expect((await api.call(`/v1/people/${personId}`, { method: 'DELETE', key: ownerKey })).status).toBe(200)
    expect((await api.call('/v1/me', { cookie })).status).toBe(401)
  })

  it('200: with somebody go the keys that he minted and his sessions here; others’ stay, and his return brings none back', async () => {
    await api.person(acme, 'owner')
    const bob = await api.person(acme, 'admin', 'bob@example.com')
    const mint = (by: { readonly cookie?: string; readonly key?: string }) =>
      api.call('/v1/keys', { ...by, body: { label: 'CI', role: 'viewer' } })
    const his = await mint({ cookie: bob.cookie })
    const ofHisKey = await mint({
      key: String(
        (await api.call('/v1/keys', { cookie: bob.cookie, body: { label: 'CI', role: 'admin' } })).body.secret,
      ),
    })
    const other = await mint({ key: ownerKey })
    const removed = await api.call(`/v1/people/${bob.personId}`, { method: 'DELETE', key: ownerKey })
    expect(removed).toMatchObject({ status: 200, body: { id: bob.personId, ended_sessions: 1 } })
    expect(removed.body.revoked_keys).toHaveLength(3)
    const me = async ({ body }: Answer) => (await api.call('/v1/me', { key: String(body.secret) })).status
    expect([await me(his), await me(ofHisKey), await me(other)]).toEqual([401, 401, 200])
    const { text } = await api.call('/v1/audit', { key: ownerKey })
    expect(text.match(/"key.revoked"/g)).toHaveLength(3)
    expect((await api.call('/v1/sessions', { cookie: bob.cookie })).status).toBe(401)
    api.plane.platform.clock.advance(1)
    await api.person(acme, 'admin', 'bob@example.com')
    expect([await me(his), await me(ofHisKey)]).toEqual([401, 401])
  })

  it('200: also more keys than fit into one transaction', async () => {
    const { personId, cookie } = await api.person(acme, 'admin')
    const body = { label: 'CI', role: 'viewer' }
    const minted = await Promise.all(Array.from({ length: 40 }, () => api.call('/v1/keys', { cookie, body })))
    const removed = await api.call(`/v1/people/${personId}`, { method: 'DELETE', key: ownerKey })
    expect(removed.body.revoked_keys).toHaveLength(40)
    const { text } = await api.call('/v1/keys?limit=100', { key: ownerKey })
    expect(text.match(/"revoked"/g)).toHaveLength(40)
    for (const one of minted) expect((await api.call('/v1/me', { key: String(one.body.secret) })).status).toBe(401)
  })

  it('a key does at most what its minter may now, and the successor what whoever rotated it may', async () => {
    const { personId, cookie } = await api.person(acme, 'admin')
    const minted = await api.call('/v1/keys', { cookie, body: { label: 'CI', role: 'admin' } })
    const key = String(minted.body.secret)
    expect((await api.call('/v1/keys', { key })).status).toBe(200)
    await api.call(`/v1/people/${personId}`, { method: 'PATCH', key: ownerKey, body: { role: 'billing' } })
    expect((await api.call('/v1/keys', { key })).status).toBe(403)
    expect((await api.call('/v1/me', { key })).body).toMatchObject({ kind: 'key', role: 'viewer' })
    const rotated = await api.call(`/v1/keys/${minted.body.id}/rotate`, { method: 'POST', key: ownerKey })
    expect((await api.call('/v1/keys', { key: String(rotated.body.secret) })).status).toBe(200)
  })

  it('409: the last owner cannot leave, and of two who leave at once one stays', async () => {
    const owners = await Promise.all([1, 2].map(() => api.person(acme, 'owner')))
    const leave = (personId: string) => api.call(`/v1/people/${personId}`, { method: 'DELETE', key: ownerKey })
    const answers = await Promise.all(owners.map(({ personId }) => leave(personId)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const { body } = await api.call('/v1/people', { key: ownerKey })
    const [last] = Array.isArray(body.data) ? body.data : []
    expect(await leave(last.id)).toMatchObject({ status: 409, body: { code: 'person.last_owner' } })
    const demote = { method: 'PATCH', key: ownerKey, body: { role: 'viewer' } }
    expect(await api.call(`/v1/people/${last.id}`, demote)).toMatchObject({ status: 409 })
  })

  it('404: another licensee’s person answers as nobody does', async () => {
    const bolt = await api.licensee('Bolt')
    const { personId } = await api.person(bolt, 'viewer')
    const remove = async (id: string) => {
      const { status, body } = await api.call(`/v1/people/${id}`, { method: 'DELETE', key: ownerKey })
      return { status, ...body, request_id: '' }
    }
    expect(await remove(personId)).toEqual(await remove('usr_nobody'))
    expect((await api.call(`/v1/people?licensee_id=${bolt.licenseeId}`, { key: ownerKey })).status).toBe(404)
  })

  it('one address can belong to several organizations and act for one at a time', async () => {
    const bolt = await api.licensee('Bolt')
    const { cookie } = await api.person(acme, 'owner', 'cleo@example.com')
    await api.person(bolt, 'viewer', 'cleo@example.com')
    expect((await api.call('/v1/me', { cookie })).body).toMatchObject({ licensee_id: acme.licenseeId, role: 'owner' })
    const body = { licensee_id: bolt.licenseeId }
    expect((await api.call('/v1/me/act-for', { cookie, body })).status).toBe(200)
    expect((await api.call('/v1/me', { cookie })).body).toMatchObject({ licensee_id: bolt.licenseeId, role: 'viewer' })
    expect((await api.call('/v1/me/act-for', { cookie, body: {} })).status).toBe(404)
    expect((await api.call(`/v1/licensees/${acme.licenseeId}`, { cookie })).status).toBe(404)
  })
})

describe('sessions', () => {
  it('lists one’s own, ends one at once, and knows nobody else’s', async () => {
    const mine = await api.person(acme, 'viewer')
    const other = await api.person(acme, 'viewer')
    const end = (sessionId: string) => api.call(`/v1/sessions/${sessionId}`, { method: 'DELETE', cookie: mine.cookie })
    expect((await end(other.session.sessionId)).status).toBe(404)
    expect((await api.call('/v1/me', { cookie: other.cookie })).status).toBe(200)
    expect((await end(mine.session.sessionId)).status).toBe(204)
    expect((await api.call('/v1/me', { cookie: mine.cookie })).status).toBe(401)
  })

  it('403: a change by cookie that comes from another site', async () => {
    const { cookie } = await api.person(acme, 'owner')
    const call = (headers: Record<string, string>) =>
      api.call('/v1/people', { cookie, headers, body: { email: 'x@example.com', name: 'X', role: 'viewer' } })
    for (const origin of ['https://evil.example.com', 'null', 'http://localhost:8027', 'http://localhost'])
      expect((await call({ origin })).status).toBe(403)
    expect((await call({})).status).toBe(201)
  })
})
