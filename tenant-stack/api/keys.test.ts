import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ApiScope, pageOf } from '#shared/contracts/api.ts'
import { KeyView, KeyWithSecretView } from '#shared/contracts/keys-api.ts'
import { secretKeyOf } from '#tenant-stack/core/api-key/api-key.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

const DAY_SECONDS = 86_400

let tenant: TestTenant
let admin: string
beforeEach(async () => {
  tenant = await createTestTenant()
  admin = (await createApiKey(tenant.ctx, { label: 'admin', scopes: ApiScope.options })).secret
})
afterEach(() => tenant.close())

async function call(secret: string, method: string, path: string, body?: object, headers?: Record<string, string>) {
  const response = await createApi(tenant.ctx).request(`/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  return { status: response.status, answer, text }
}

const make = async (scopes: readonly ApiScope[], more: object = {}, by: string = admin) =>
  KeyWithSecretView.parse((await call(by, 'POST', '/keys', { label: 'made', scopes, ...more })).answer)
const list = async () => pageOf(KeyView).parse((await call(admin, 'GET', '/keys?limit=200')).answer).data
const isLetIn = async (secret = '') => (await call(secret, 'GET', '/keys')).status === 200
const idOf = async (label: string) => (await list()).find((key) => key.label === label)?.id ?? ''

describe('create and list', () => {
  it('201: the secret is shown once, is kept as a hash only, and lets in', async () => {
    const made = await make(['keys:read'])
    expect(made.secret).toMatch(/^cvk_[0-9a-z]{26}$/)
    expect(await isLetIn(made.secret)).toBe(true)
    const listed = await call(admin, 'GET', '/keys')
    expect(listed.text).not.toContain(made.secret)
    expect(made.secrets).toEqual([{ prefix: made.secret?.slice(0, 8) }])
    const { items } = await tenant.ctx.table.query({ pk: 'keys', limit: 100 })
    const row = await tenant.ctx.table.get(secretKeyOf(tenant.ctx.sha256(made.secret ?? '')))
    expect(JSON.stringify([items, row])).not.toContain(made.secret)
  })

  it('201 again: a repeated request gets its first answer without the secret', async () => {
    const body = { label: 'once', scopes: ['keys:read'] }
    const first = await call(admin, 'POST', '/keys', body, { 'idempotency-key': 'a' })
    const again = await call(admin, 'POST', '/keys', body, { 'idempotency-key': 'a' })
    expect([first.status, again.status]).toEqual([201, 201])
    expect(first.answer.secret).toBeTypeOf('string')
    expect(again.answer).toEqual({ ...first.answer, secret: undefined })
    expect((await list()).filter(({ label }) => label === 'once')).toHaveLength(1)
  })

  it('403: a key grants no scope that it lacks, whatever else it asks for', async () => {
    const few = await make(['keys:write', 'events:read'])
    const refused = await call(few.secret ?? '', 'POST', '/keys', {
      label: 'more',
      scopes: ['events:read', 'attendees:unmasked'],
    })
    expect(refused).toMatchObject({ status: 403, answer: { code: 'key.scope_exceeded' } })
    expect((await make(['events:read'], {}, few.secret)).scopes).toEqual(['events:read'])
  })

  it('403: a key that ends makes none that lives on', async () => {
    const soon = new Date(tenant.ctx.clock.now() + 3_600_000).toISOString()
    const late = new Date(tenant.ctx.clock.now() + 7_200_000).toISOString()
    const ending = await make(['keys:write'], { expires_at: soon })
    for (const more of [{}, { expires_at: late }])
      expect(
        await call(ending.secret ?? '', 'POST', '/keys', { label: 'on', scopes: ['keys:write'], ...more }),
      ).toMatchObject({ status: 403, answer: { code: 'key.outlives_maker' } })
  })

  it('422: an end in the past, an unknown scope, no scope', async () => {
    for (const body of [
      { label: 'x', scopes: ['keys:read'], expires_at: '2020-01-01T00:00:00Z' },
      { label: 'x', scopes: ['root'] },
      { label: 'x', scopes: [] },
    ])
      expect((await call(admin, 'POST', '/keys', body)).status).toBe(422)
  })

  it('a key lets nobody in from its end on', async () => {
    const made = await make(['keys:read'], { expires_at: new Date(tenant.ctx.clock.now() + 60_000).toISOString() })
    expect(await isLetIn(made.secret)).toBe(true)
    tenant.platform.clock.advance(61)
    expect(await isLetIn(made.secret)).toBe(false)
    expect((await list()).find(({ id }) => id === made.id)?.secrets).toEqual([])
  })

  it('notes the day of the last use with one write a day', async () => {
    const made = await make(['keys:read'])
    let writes = 0
    const ctx = {
      ...tenant.ctx,
      table: {
        ...tenant.ctx.table,
        write: (operation: Parameters<typeof tenant.ctx.table.write>[0]) => {
          // Beside what counts requests.
          if (!JSON.stringify(operation).includes('"rate#')) writes += 1
          return tenant.ctx.table.write(operation)
        },
      },
    }
    const use = () => createApi(ctx).request('/v1/keys', { headers: { authorization: `Bearer ${made.secret ?? ''}` } })
    for (let times = 0; times < 5; times += 1) expect((await use()).status).toBe(200)
    expect(writes).toBe(1)
    tenant.platform.clock.advance(DAY_SECONDS)
    await use()
    await use()
    expect(writes).toBe(2)
    const day = new Date(tenant.ctx.clock.now()).toISOString().slice(0, 10)
    expect((await list()).find(({ id }) => id === made.id)?.last_used_on).toBe(day)
  })

  it('a key from before there was a list comes into it by its use', async () => {
    const secret = `cvk_${tenant.ctx.ids.newToken()}`
    const old = { keyId: 'key_old', label: 'old', scopes: ['keys:read'], createdAt: tenant.ctx.clock.now() }
    const item = { ...secretKeyOf(tenant.ctx.sha256(secret)), ...old }
    await tenant.ctx.table.write({ kind: 'put', item })
    expect((await list()).some(({ id }) => id === 'key_old')).toBe(false)
    expect(await isLetIn(secret)).toBe(true)
    expect((await list()).find(({ id }) => id === 'key_old')).toMatchObject({ label: 'old', scopes: ['keys:read'] })
    expect((await call(admin, 'DELETE', '/keys/key_old')).status).toBe(204)
    expect(await isLetIn(secret)).toBe(false)
  })
})

describe('rotate', () => {
  const rotate = (id: string, seconds: number, by = admin) =>
    call(by, 'POST', `/keys/${id}/rotate`, { overlap_seconds: seconds })

  it('200: both secrets let in for the overlap, then the new one alone', async () => {
    const made = await make(['keys:read'])
    const rotated = KeyWithSecretView.parse((await rotate(made.id, 3600)).answer)
    expect(rotated.secrets).toHaveLength(2)
    expect([await isLetIn(made.secret), await isLetIn(rotated.secret)]).toEqual([true, true])
    tenant.platform.clock.advance(3601)
    expect([await isLetIn(made.secret), await isLetIn(rotated.secret)]).toEqual([false, true])
    expect((await list()).find(({ id }) => id === made.id)?.secrets).toHaveLength(1)
  })

  it('409: two are live at most; an overlap of 0 ends both at once', async () => {
    const made = await make(['keys:read'])
    const second = KeyWithSecretView.parse((await rotate(made.id, 3600)).answer)
    expect(await rotate(made.id, 60)).toMatchObject({ status: 409, answer: { code: 'key.two_live' } })
    const third = KeyWithSecretView.parse((await rotate(made.id, 0)).answer)
    const secrets = [made.secret, second.secret, third.secret]
    expect(await Promise.all(secrets.map((secret) => isLetIn(secret)))).toEqual([false, false, true])
  })

  it('403: nobody takes over a key that can do more by giving it a secret of his own', async () => {
    const few = await make(['keys:write'])
    const strong = await make(['keys:read', 'attendees:unmasked'])
    expect(await rotate(strong.id, 60, few.secret)).toMatchObject({
      status: 403,
      answer: { code: 'key.scope_exceeded' },
    })
    expect(await isLetIn(strong.secret)).toBe(true)
  })

  it('422: more than 7 days; 404: unknown; 409: revoked', async () => {
    const made = await make(['keys:read'])
    expect((await rotate(made.id, 7 * DAY_SECONDS + 1)).status).toBe(422)
    expect((await rotate('key_none', 60)).status).toBe(404)
    await call(admin, 'DELETE', `/keys/${made.id}`)
    expect(await rotate(made.id, 60)).toMatchObject({ status: 409, answer: { code: 'key.revoked' } })
  })

  it('of two at once one rotates, and what is listed is what lets in', async () => {
    const made = await make(['keys:read'])
    const both = await Promise.all([rotate(made.id, 60), rotate(made.id, 60)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const winner = both.find(({ status }) => status === 200)
    expect(await isLetIn(KeyWithSecretView.parse(winner?.answer).secret)).toBe(true)
    expect((await list()).find(({ id }) => id === made.id)?.secrets).toHaveLength(2)
  })
})

describe('revoke', () => {
  it('204: at once, with both secrets; again it changes nothing', async () => {
    const made = await make(['keys:read'])
    const rotated = await call(admin, 'POST', `/keys/${made.id}/rotate`, { overlap_seconds: 600 })
    expect((await call(admin, 'DELETE', `/keys/${made.id}`)).status).toBe(204)
    expect(await isLetIn(made.secret)).toBe(false)
    expect(await isLetIn(KeyWithSecretView.parse(rotated.answer).secret)).toBe(false)
    const before = await list()
    tenant.platform.clock.advance(5)
    expect((await call(admin, 'DELETE', `/keys/${made.id}`)).status).toBe(204)
    expect(await list()).toEqual(before)
  })

  it('409: the last key that can make keys stays unless it is forced', async () => {
    const id = await idOf('admin')
    await make(['keys:write'], { expires_at: new Date(tenant.ctx.clock.now() + 60_000).toISOString() })
    expect(await call(admin, 'DELETE', `/keys/${id}`)).toMatchObject({
      status: 409,
      answer: { code: 'key.last_of_keys' },
    })
    expect(await isLetIn(admin)).toBe(true)
    expect((await call(admin, 'DELETE', `/keys/${id}?force=true`)).status).toBe(204)
    expect(await isLetIn(admin)).toBe(false)
  })

  it('of two keys that revoke each other one stays', async () => {
    const other = await make(['keys:write', 'keys:read'])
    const both = await Promise.all([
      call(admin, 'DELETE', `/keys/${other.id}`),
      call(other.secret ?? '', 'DELETE', `/keys/${await idOf('admin')}`),
    ])
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1)
    expect([await isLetIn(admin), await isLetIn(other.secret)].filter(Boolean)).toHaveLength(1)
  })

  it('404: unknown, and another tenant’s just the same', async () => {
    const other = await createTestTenant({ domainName: 'other.example.net' })
    let theirs = await createApiKey(other.ctx, { label: 'theirs', scopes: ['keys:write'] })
    // Both mint the same ids in the same order: one that was never minted here.
    for (let more = 0; more < 5; more += 1)
      theirs = await createApiKey(other.ctx, { label: 'theirs', scopes: ['keys:write'] })
    const foreign = await call(admin, 'DELETE', `/keys/${theirs.apiKey.keyId}`)
    const unknown = await call(admin, 'DELETE', '/keys/key_none')
    expect(foreign.status).toBe(404)
    expect({ ...foreign.answer, request_id: '' }).toEqual({ ...unknown.answer, request_id: '' })
    await other.close()
  })

  it('401 and 403: without a key, or without its scope', async () => {
    const few = await make(['events:read'])
    expect((await call('cvk_no', 'GET', '/keys')).status).toBe(401)
    for (const [method, path] of [
      ['GET', '/keys'],
      ['POST', '/keys'],
      ['DELETE', '/keys/key_none'],
      ['POST', '/keys/key_none/rotate'],
    ] as const)
      expect((await call(few.secret ?? '', method, path, method === 'POST' ? {} : undefined)).status).toBe(403)
  })
})
