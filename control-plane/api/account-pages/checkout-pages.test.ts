import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let owner = ''
let vendor = ''
let licenceId = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  owner = (await api.person(acme, 'owner')).cookie
  vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
  const body = { domain_name: 'invites.example.com', licensee_id: acme.licenseeId }
  licenceId = String((await api.call('/v1/tenants', { key: vendor, body })).body.licence_id)
})
afterEach(() => api.close())

const come = (place: 'done' | 'back', cookie?: string, more = '') =>
  api.call(`/checkout/${place}?licenceId=${licenceId}${more}`, cookie === undefined ? {} : { cookie })
const grant = () => api.call(`/v1/licences/${licenceId}/complimentary`, { key: vendor, body: { reason: 'partner' } })
const RELOADS = /http-equiv="refresh" content="3;url=[^"]*looks=1"/

describe('the way back from the checkout', () => {
  it('200: without a session nothing is said of any licence, and another licensee’s is as none', async () => {
    await grant()
    const bolt = (await api.person(await api.licensee('Bolt'), 'owner')).cookie
    for (const place of ['done', 'back'] as const) {
      const nobody = await come(place)
      const none = await api.call(`/checkout/${place}?licenceId=lic_none`)
      const bare = await api.call(`/checkout/${place}`, { cookie: owner })
      expect([nobody.status, nobody.text]).toEqual([200, none.text])
      expect((await come(place, bolt)).text).toBe(none.text)
      expect(bare.text).toBe(none.text)
      expect(none.text).not.toMatch(/is active|invites\.example\.com|http-equiv/)
    }
  })

  it('200: waits for our own row, looks again by itself, and not for ever', async () => {
    await api.call(`/v1/licences/${licenceId}/checkout`, { cookie: owner, method: 'POST' })
    const waiting = await come('done', owner)
    expect([waiting.status, waiting.text]).toEqual([200, expect.stringMatching(RELOADS)])
    expect(waiting.text).toContain('being confirmed')
    expect((await come('done', owner, '&looks=59')).text).toContain('looks=60')
    const tired = await come('done', owner, '&looks=60')
    expect(tired.text).not.toContain('http-equiv')
    expect(tired.text).toContain('Look again')
  })

  it('200: says that the licence is active once our row does', async () => {
    await grant()
    const { text } = await come('done', owner)
    expect(text).toContain('The licence is active')
    expect(text).not.toContain('http-equiv')
    expect((await come('back', owner)).text).toContain('The licence is active')
  })

  it('200: a payment that is open is not done because the licence works already', async () => {
    await grant()
    await api.call(`/v1/licences/${licenceId}/checkout`, { cookie: owner, method: 'POST' })
    expect((await come('done', owner)).text).toContain('being confirmed')
  })

  it('200: whoever left may pay again, if he is one who pays', async () => {
    const pay = `action="/licences/${licenceId}/pay"`
    expect((await come('back', owner)).text).toContain(pay)
    expect((await come('back', (await api.person(acme, 'viewer')).cookie)).text).not.toContain(pay)
  })
})
