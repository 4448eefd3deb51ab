import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let ownerKey = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  ownerKey = await api.key(acme, 'owner')
})
afterEach(() => api.close())

const mint = (key: string, role = 'viewer') => api.call('/v1/keys', { key, body: { label: 'CI', role } })
const me = async (key: string) => (await api.call('/v1/me', { key })).status

describe('keys', () => {
  it('201: the secret is in this answer alone, works, and is kept as a hash', async () => {
    const { status, body } = await mint(ownerKey)
    const secret = String(body.secret)
    expect([status, secret]).toEqual([201, expect.stringMatching(/^cvl_[0-9a-z]{26}$/)])
    expect(await me(secret)).toBe(200)
    const { store } = api.plane.platform
    expect(JSON.stringify(store.read(() => store.prepare('SELECT * FROM rows').all()))).not.toContain(secret)
    const list = await api.call('/v1/keys', { key: ownerKey })
    expect(list.text).not.toContain(secret)
    expect(list.text).toContain('last_used_at')
  })

  it('201: a rotated key and its successor live side by side for a day; 409: a third', async () => {
    const { body } = await mint(ownerKey)
    const rotate = () => api.call(`/v1/keys/${body.id}/rotate`, { method: 'POST', key: ownerKey })
    const successor = await rotate()
    const secrets = [String(body.secret), String(successor.body.secret)]
    expect([successor.status, await Promise.all(secrets.map(me))]).toEqual([201, [200, 200]])
    expect(await rotate()).toMatchObject({ status: 409, body: { code: 'key.replaced_already' } })
    api.plane.platform.clock.advance(24 * 3600 + 1)
    expect(await Promise.all(secrets.map(me))).toEqual([401, 200])
  })

  it('204: revoked at once; a year old: over', async () => {
    const { body } = await mint(ownerKey)
    expect((await api.call(`/v1/keys/${body.id}`, { method: 'DELETE', key: ownerKey })).status).toBe(204)
    expect(await me(String(body.secret))).toBe(401)
    api.plane.platform.clock.advance(366 * 24 * 3600)
    expect(await me(ownerKey)).toBe(401)
  })

  it('403: nobody mints, rotates or revokes a key that may do more than he may', async () => {
    const adminKey = await api.key(acme, 'admin')
    for (const role of ['owner', 'billing'])
      expect(await mint(adminKey, role)).toMatchObject({ status: 403, body: { code: 'key.above_own_role' } })
    expect((await mint(adminKey, 'admin')).status).toBe(201)
    const { body } = await mint(ownerKey, 'owner')
    expect((await api.call(`/v1/keys/${body.id}/rotate`, { method: 'POST', key: adminKey })).status).toBe(403)
    expect((await api.call(`/v1/keys/${body.id}`, { method: 'DELETE', key: adminKey })).status).toBe(403)
    expect((await mint(await api.key(acme, 'viewer'))).status).toBe(403)
  })

  it('404: another licensee’s key answers as none does', async () => {
    const bolt = await api.licensee('Bolt')
    const { body } = await mint(await api.key(bolt, 'owner'))
    const rotate = async (keyId: unknown) => {
      const answer = await api.call(`/v1/keys/${keyId}/rotate`, { method: 'POST', key: ownerKey })
      return { status: answer.status, ...answer.body, request_id: '' }
    }
    expect(await rotate(body.id)).toEqual(await rotate('key_none'))
  })
})
