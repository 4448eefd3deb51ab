import { createPublicKey, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { HAND_OVER_CONTEXT, HandOverPayload } from '#shared/contracts/hand-over.ts'
import { type ControlApiInMemory, controlApiInMemory, publicKey } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let owner = ''
let vendor = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  owner = await api.key(acme, 'owner')
  vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
})
afterEach(() => api.close())

const claim = (key: string, domain_name = 'Invites.Example.com', more = {}) =>
  api.call('/v1/tenants', { key, body: { domain_name, ...more } })

/** As if it had been set up. */
async function makeLive(tenantId: unknown) {
  const ctx = api.plane.ctxOf()
  const before = await getTenant(ctx, String(tenantId))
  await ctx.table.transact([tenantWrite(before, { ...before, state: 'live', version: before.version + 1 })])
}

describe('tenants', () => {
  it('201: a domain is claimed in its A-label form, with a draft of its licence', async () => {
    const { status, body } = await claim(owner, 'Büro.example.com.')
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ domain_name: 'xn--bro-hoa.example.com', state: 'registered', region: 'us-east-1' }),
    ])
    const licence = await api.call(`/v1/licences/${body.licence_id}`, { key: owner })
    expect(licence.body).toMatchObject({ state: 'draft', tenant_id: body.id })
    expect((await api.call('/v1/tenants', { key: owner })).body.data).toHaveLength(1)
    expect((await api.call('/v1/tenants', { key: vendor })).body.data).toHaveLength(1)
  })

  it('403: billing and viewer; 409: claimed by another; 422: no domain, another region, or whose', async () => {
    for (const role of ['billing', 'viewer'] as const) expect((await claim(await api.key(acme, role))).status).toBe(403)
    expect((await claim(owner)).status).toBe(201)
    const bolt = await api.key(await api.licensee('Bolt'), 'owner')
    expect(await claim(bolt)).toMatchObject({ status: 409, body: { code: 'tenant.proof_needed' } })
    for (const [name, more] of [
      ['co.uk'],
      ['not a domain'],
      ['192.0.2.1'],
      ['a.example.com', { region: 'mars-north-1' }],
    ] as const)
      expect(await claim(owner, name, more)).toMatchObject({ status: 422, body: { code: 'api.invalid' } })
    expect((await claim(vendor, 'b.example.com')).status).toBe(422)
    expect((await claim(vendor, 'b.example.com', { licensee_id: acme.licenseeId })).status).toBe(201)
  })

  it('422: a name that reads as another’s, unless the vendor has looked at it and claims it for him', async () => {
    for (const name of ['аррӏе.com', 'xn--80ak6aa92e.com', 'invites.аpple.com'])
      expect(await claim(owner, name)).toMatchObject({ status: 422, body: { code: 'api.invalid' } })
    expect((await claim(vendor, 'аррӏе.com', { licensee_id: acme.licenseeId })).status).toBe(201)
    expect((await claim(owner, 'приглашения.example.com')).status).toBe(201)
  })

  it('404: another licensee’s tenant answers as none does, on every operation', async () => {
    const theirs = await claim(await api.key(await api.licensee('Bolt'), 'owner'))
    const ask = async (tenantId: unknown, [method, rest, body]: readonly [string, string, unknown?]) => {
      const answer = await api.call(`/v1/tenants/${tenantId}${rest}`, {
        key: owner,
        method,
        ...(body === undefined ? {} : { body }),
      })
      return [answer.status, { ...answer.body, request_id: '' }]
    }
    for (const route of [
      ['GET', ''],
      ['GET', '/run'],
      ['GET', '/runs'],
      ['GET', '/runs/run_1'],
      ['GET', '/domain'],
      ['POST', '/check-now'],
      ['POST', '/retry'],
      ['POST', '/retire', { reason: 'x' }],
      ['POST', '/hand-over'],
    ] as const) {
      const refused = await ask(theirs.body.id, route)
      expect(refused).toEqual(await ask('ten_none', route))
      expect(refused[0]).toBe(404)
    }
  })

  it('404 before anything was begun; 409 where nothing has failed or nothing can be retired', async () => {
    const { body } = await claim(owner)
    const call = (method: string, rest: string, more = {}) =>
      api.call(`/v1/tenants/${body.id}${rest}`, { key: owner, method, ...more })
    expect((await call('GET', '/run')).body).toMatchObject({ status: 404, code: 'run.not_found' })
    expect((await call('GET', '/domain')).body).toMatchObject({ status: 404, code: 'domain.not_found' })
    expect((await call('POST', '/retry')).body).toMatchObject({ status: 409, code: 'run.nothing_failed' })
    expect((await call('POST', '/hand-over')).status).toBe(409)
    expect((await call('POST', '/retire')).status).toBe(422)
    expect((await call('POST', '/retire', { body: {} })).status).toBe(422)
  })

  it('202: retired by its owner, seen step by step, with a sentence for each; the vendor’s words stay with the vendor', async () => {
    const { body } = await claim(owner)
    await makeLive(body.id)
    const retired = await api.call(`/v1/tenants/${body.id}/retire`, { key: owner, body: { reason: 'moved away' } })
    expect(retired).toMatchObject({ status: 202, body: { kind: 'retire', status: 'working', who_acts: 'nobody' } })
    const run = await api.call(`/v1/tenants/${body.id}/run`, { key: owner })
    expect(run.body).toMatchObject({ id: retired.body.id, progress: { done: 0 } })
    expect(run.body.steps).toEqual(expect.arrayContaining([expect.objectContaining({ status: 'todo' })]))
    expect((await api.call(`/v1/tenants/${body.id}/runs/${run.body.id}`, { key: vendor })).status).toBe(200)
    const list = await api.call(`/v1/tenants/${body.id}/runs`, { key: owner })
    expect(list.body.data).toMatchObject([{ id: run.body.id, kind: 'retire', reason: 'moved away' }])
    expect((await api.call(`/v1/tenants/${body.id}/check-now`, { key: owner, method: 'POST' })).status).toBe(202)
    expect(await api.plane.takeAll('provision')).not.toEqual([])
  })
})

describe('a legal hold', () => {
  it('is the vendor’s alone, with a reason, and shown to him alone', async () => {
    const { body } = await claim(owner)
    const path = `/v1/tenants/${body.id}/legal-hold`
    expect((await api.call(path, { key: owner, body: { reason: 'x' } })).status).toBe(403)
    expect((await api.call(path, { key: vendor, body: {} })).status).toBe(422)
    const held = await api.call(path, { key: vendor, body: { reason: 'Order 7' } })
    expect(held).toMatchObject({ status: 200, body: { is_legal_held: true } })
    expect((await api.call(`/v1/tenants/${body.id}`, { key: owner })).body).not.toHaveProperty('is_legal_held')
    const lifted = await api.call(`${path}/lift`, { key: vendor, body: { reason: 'Closed' } })
    expect(lifted).toMatchObject({ status: 200, body: { is_legal_held: false } })
  })
})

describe('hand-over', () => {
  it('201: a signed way in for a minute, for the person and his role', async () => {
    const { body } = await claim(owner)
    await makeLive(body.id)
    const { cookie, personId } = await api.person(acme, 'admin')
    const answer = await api.call(`/v1/tenants/${body.id}/hand-over`, { method: 'POST', cookie })
    expect([answer.status, answer.body.url]).toEqual([201, 'https://app.invites.example.com/hand-over'])
    const [kid, text = '', signature = ''] = String(answer.body.token).split('.')
    const signed = Buffer.from(HAND_OVER_CONTEXT + text)
    expect([
      kid,
      verify(
        null,
        signed,
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        Buffer.from(signature, 'base64url'),
      ),
    ]).toEqual(['test', true])
    const payload = HandOverPayload.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    expect(payload).toMatchObject({ tenantId: body.id, personId, role: 'admin', domainName: 'invites.example.com' })
    expect(payload.expiresAt - payload.issuedAt).toBe(60_000)
  })

  it('403: the vendor, billing, a key and whoever only looks', async () => {
    const { body } = await claim(owner)
    await makeLive(body.id)
    const path = `/v1/tenants/${body.id}/hand-over`
    expect((await api.call(path, { method: 'POST', key: owner })).status).toBe(403)
    expect((await api.call(path, { method: 'POST', key: vendor })).status).toBe(403)
    const { cookie } = await api.person(acme, 'billing')
    expect((await api.call(path, { method: 'POST', cookie })).status).toBe(403)
    const support = await api.person({ kind: 'vendor' }, 'vendor_support')
    const look = { licensee_id: acme.licenseeId, reason: 'r', ticket: 't' }
    await api.call('/v1/impersonations', { cookie: support.cookie, body: look })
    expect((await api.call(path, { method: 'POST', cookie: support.cookie })).status).toBe(403)
  })
})

describe('cells and releases', () => {
  const sha = (digit: string, length: number) => digit.repeat(length)
  const manifest = {
    version: '1.2.3',
    gitSha: sha('a', 40),
    templateSha256: sha('b', 64),
    templateKey: 'templates/1.2.3/b.json',
    parameters: {},
    cellVersionMin: '1.0.0',
    cellVersionMax: '2.0.0',
    isBreaking: false,
    functions: {},
  }

  it('200: cells with their headroom', async () => {
    const ctx = api.plane.ctxOf()
    await registerCell(ctx, {
      name: 'eu-1',
      awsAccountId: '111122223333',
      region: 'eu-west-1',
      cap: 96,
      isOpen: true,
      isCanary: false,
      cellVersion: '1.0.0',
      operatingRoleArn: 'arn:1',
      executionRoleArn: 'arn:2',
      tenantBoundaryArn: 'arn:3',
      routerRoleArn: 'arn:4',
      cellTableName: 'cell',
      releaseBucket: 'releases',
    })
    expect((await api.call('/v1/cells', { key: vendor })).body.data).toMatchObject([{ name: 'eu-1', headroom: 96 }])
  })

  it('201, 200, 409: registered once, ring by ring, desired and pinned, withdrawn', async () => {
    const post = (path: string, body: unknown) => api.call(path, { key: vendor, body })
    const register = (more = {}) =>
      post('/v1/releases', { manifest: { ...manifest, ...more }, capacity: { at_first: 96, raised: 480 } })
    expect((await register()).body).toMatchObject({ version: '1.2.3', is_withdrawn: false })
    expect([(await register()).status, (await register({ gitSha: sha('c', 40) })).status]).toEqual([201, 409])
    expect((await post('/v1/releases/1.2.3/ring', { ring: 0 })).body).toMatchObject({ ring: 0 })
    expect((await post('/v1/releases/1.2.3/ring', { ring: 3 })).status).toBe(409)
    expect((await post('/v1/releases/9.9.9/ring', { ring: 0 })).status).toBe(404)
    const { body } = await claim(owner)
    const desire = await post(`/v1/tenants/${body.id}/desire-release`, { release_version: '1.2.3' })
    expect(desire.body).toMatchObject({ desired_version: '1.2.3' })
    const pin = await post(`/v1/tenants/${body.id}/pin`, { until: '2026-04-01T00:00:00Z' })
    expect(pin.body).toMatchObject({ pinned_until: '2026-04-01T00:00:00.000Z' })
    expect((await post('/v1/releases/1.2.3/withdraw', { reason: 'slow' })).body).toMatchObject({ is_withdrawn: true })
    expect((await post(`/v1/tenants/${body.id}/desire-release`, { release_version: '1.2.3' })).status).toBe(409)
    expect((await api.call('/v1/releases', { key: vendor })).body.data).toHaveLength(1)
  })
})
