import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import { faultAt, withFaults } from '#test/harness/platform/faults.ts'

let api: ControlApiInMemory
let admin = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  admin = await api.key({ kind: 'vendor' }, 'vendor_admin')
})
afterEach(() => api.close())

const add = (key: string, more = {}) =>
  api.call('/v1/licensees', { key, body: { name: 'Acme', billing_email: 'pay@example.com', ...more } })

it('a request that died anywhere and is sent again adds one licensee and invites its owner once', async () => {
  const body = { name: 'Acme', billing_email: 'pay@example.com', owner: { email: 'ann@example.com', name: 'Ann' } }
  const run = async (number: number): Promise<number> => {
    let ports: ReturnType<typeof withFaults> | undefined
    const mine = await controlApiInMemory({ portsNow: () => ports ?? {} })
    const key = await mine.key({ kind: 'vendor' }, 'vendor_admin')
    const send = () => mine.call('/v1/licensees', { key, body, headers: { 'idempotency-key': 'once' } })
    ports = withFaults(mine.plane.platform, faultAt(number, 'crash_after'))
    await send()
    const calls = ports.calls.length
    const wasKilled = ports.isCrashed()
    ports = undefined
    mine.plane.platform.clock.advance(31)
    const again = await send()
    expect([number, again.status]).toEqual([number, 201])
    const licensees = await mine.call('/v1/licensees', { key })
    expect([number, licensees.body.data]).toEqual([number, [expect.objectContaining({ id: again.body.id })]])
    const people = await mine.call(`/v1/people?licensee_id=${again.body.id}`, { key })
    expect(people.body.data).toMatchObject([{ email: 'ann@example.com', role: 'owner', state: 'invited' }])
    await mine.close()
    return wasKilled ? run(number + 1) : calls
  }
  expect(await run(1)).toBeGreaterThan(8)
})

describe('licensees', () => {
  it('201: added with its first owner invited', async () => {
    const owner = { email: 'ann@example.com', name: 'Ann' }
    const { status, body } = await add(admin, { owner })
    expect([status, body]).toEqual([201, expect.objectContaining({ name: 'Acme', is_trusted: false })])
    const people = await api.call(`/v1/people?licensee_id=${body.id}`, { key: admin })
    expect(people.body.data).toMatchObject([{ email: 'ann@example.com', role: 'owner', state: 'invited' }])
  })

  it('200: listed by name, searched by how it begins, page by page', async () => {
    for (const name of ['Beta', 'acorn', 'Acme']) await add(admin, { name })
    const names = async (query: string) => {
      const { body } = await api.call(`/v1/licensees${query}`, { key: admin })
      return { names: JSON.stringify(body.data).match(/(?<="name":")\w+/g), next: body.next_cursor }
    }
    expect((await names('?name=AC')).names).toEqual(['Acme', 'acorn'])
    const first = await names('?limit=2')
    expect(first.names).toEqual(['Acme', 'acorn'])
    expect((await names(`?limit=2&after=${first.next}`)).names).toEqual(['Beta'])
    expect((await api.call('/v1/licensees?after=nonsense', { key: admin })).status).toBe(400)
  })

  it('403: support reads and does not act, a licensee does neither, and the attempt is written down', async () => {
    const support = await api.key({ kind: 'vendor' }, 'vendor_support')
    expect([(await add(support)).status, (await api.call('/v1/licensees', { key: support })).status]).toEqual([
      403, 200,
    ])
    const acme = await api.licensee('Acme')
    const owner = await api.key(acme, 'owner')
    for (const path of ['/v1/licensees', '/v1/cells', '/v1/releases'])
      expect((await api.call(path, { key: owner })).status).toBe(403)
    const audit = await api.call('/v1/audit', { key: owner })
    expect(audit.body.data).toContainEqual(
      expect.objectContaining({
        action: 'access.denied',
        result: 'denied',
        target: { kind: 'operation', id: 'listCells' },
      }),
    )
  })

  it('200: changes itself, but trust is the vendor’s to give', async () => {
    const { licenseeId } = await api.licensee('Acme')
    const owner = await api.key({ kind: 'licensee', licenseeId }, 'owner')
    const change = (key: string, body: unknown) =>
      api.call(`/v1/licensees/${licenseeId}`, { method: 'PATCH', key, body })
    expect(await change(owner, { name: 'Acme Ltd' })).toMatchObject({ status: 200, body: { name: 'Acme Ltd' } })
    expect((await change(owner, { is_trusted: true })).status).toBe(403)
    expect(await change(admin, { is_trusted: true })).toMatchObject({ status: 200, body: { is_trusted: true } })
    expect((await change(owner, { nonsense: true })).status).toBe(422)
  })
})

describe('impersonation', () => {
  it('201: sees what a viewer sees for an hour, changes nothing, and the licensee reads who, why and when', async () => {
    const acme = await api.licensee('Acme')
    const bolt = await api.licensee('Bolt')
    const { cookie, personId } = await api.person({ kind: 'vendor' }, 'vendor_support')
    const look = { licensee_id: acme.licenseeId, reason: 'mail is late', ticket: 'T-17' }
    expect(await api.call('/v1/impersonations', { cookie, body: look })).toMatchObject({ status: 201 })
    const me = await api.call('/v1/me', { cookie })
    expect(me.body).toMatchObject({
      is_read_only: true,
      role: 'viewer',
      impersonation: { licensee_name: 'Acme', ticket: 'T-17' },
    })
    expect((await api.call('/signed-in', { cookie })).text).toContain('can change nothing')
    expect((await api.call(`/v1/licensees/${acme.licenseeId}`, { cookie })).status).toBe(200)
    expect((await api.call(`/v1/licensees/${bolt.licenseeId}`, { cookie })).status).toBe(404)
    const change = { method: 'PATCH', cookie, body: { name: 'Taken' } }
    expect((await api.call(`/v1/licensees/${acme.licenseeId}`, change)).status).toBe(403)
    const audit = await api.call('/v1/audit', { key: await api.key(acme, 'owner') })
    expect(audit.body.data).toContainEqual(
      expect.objectContaining({ action: 'impersonation.started', reason: 'T-17: mail is late' }),
    )
    expect(audit.body.data).toContainEqual(
      expect.objectContaining({
        action: 'access.denied',
        actor: { type: 'licensee', id: personId, role: 'viewer', on_behalf_of: personId },
      }),
    )
    expect((await api.call('/v1/impersonations/current', { method: 'DELETE', cookie })).status).toBe(204)
    expect((await api.call('/v1/me', { cookie })).body).toMatchObject({ role: 'vendor_support', is_read_only: false })
  })

  it('ends by itself after sixty minutes, and with the right to look', async () => {
    const acme = await api.licensee('Acme')
    const { cookie } = await api.person({ kind: 'vendor' }, 'vendor_support')
    const look = { licensee_id: acme.licenseeId, reason: 'mail is late', ticket: 'T-17' }
    await api.call('/v1/impersonations', { cookie, body: look })
    api.plane.platform.clock.advance(3600)
    expect((await api.call('/v1/me', { cookie })).body).toMatchObject({ role: 'vendor_support' })
  })

  it('403: a licensee looks through nobody’s eyes; 404: of nobody, and with a key; 422: without a reason', async () => {
    const acme = await api.licensee('Acme')
    const bolt = await api.licensee('Bolt')
    const { cookie } = await api.person(acme, 'owner')
    const look = { licensee_id: bolt.licenseeId, reason: 'curious', ticket: 'none' }
    expect((await api.call('/v1/impersonations', { cookie, body: look })).status).toBe(403)
    expect((await api.call('/v1/impersonations', { key: admin, body: look })).status).toBe(404)
    const vendor = await api.person({ kind: 'vendor' }, 'vendor_admin')
    const start = (body: unknown) => api.call('/v1/impersonations', { cookie: vendor.cookie, body })
    expect((await start({ ...look, licensee_id: 'lcs_nobody' })).status).toBe(404)
    expect((await start({ ...look, reason: ' ' })).status).toBe(422)
  })
})

describe('audit', () => {
  it('200: newest first, by day, and as NDJSON and CSV that no spreadsheet runs', async () => {
    const acme = await api.licensee('Acme')
    const owner = await api.key(acme, 'owner')
    const hold = { name: '=HYPERLINK("http://evil.example.com")' }
    await api.call(`/v1/licensees/${acme.licenseeId}`, { method: 'PATCH', key: owner, body: hold })
    const { body } = await api.call('/v1/audit?limit=2', { key: owner })
    expect(body).toMatchObject({ has_more: true, data: [{ action: 'licensee.updated' }, { action: 'key.minted' }] })
    expect((await api.call('/v1/audit?to=2026-03-01', { key: owner })).body.data).toEqual([])
    expect((await api.call('/v1/audit?from=2026-03-02&to=2026-03-02', { key: owner })).body.data).toHaveLength(3)
    const ndjson = await api.call('/v1/audit/export', { key: owner })
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).action),
    ).toEqual(['licensee.updated', 'key.minted', 'licensee.registered'])
    const csv = await api.call('/v1/audit/export?format=csv', { key: owner })
    expect(csv.text.split('\r\n')).toHaveLength(5)
    expect(csv.text).toMatch(/^id,at,action,/)
  })

  it('422: days that end before they begin, before the first line is sent', async () => {
    const days = 'from=2026-03-02&to=2026-03-01'
    for (const path of ['/v1/audit', '/v1/audit/export'])
      expect(await api.call(`${path}?${days}`, { key: admin })).toMatchObject({
        status: 422,
        body: { code: 'api.invalid' },
      })
  })
})
