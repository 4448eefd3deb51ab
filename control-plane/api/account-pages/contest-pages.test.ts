import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProof, proofWrite, withSightings } from '#control-plane/core/domain/claim-proof.ts'
import { lookAtContest } from '#control-plane/provisioning/look-at-contest.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import { createTextDns } from '#test/harness/dns/text-dns.ts'

const NAME = 'b.example.com'
let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let bolt: typeof acme
let holder = ''
let challenger = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  bolt = await api.licensee('Bolt')
  holder = (await api.person(acme, 'owner')).cookie
  challenger = (await api.person(bolt, 'admin')).cookie
})
afterEach(() => api.close())

const read = (cookie: string) => api.call('/contests', { cookie })
const press = (act: string, cookie: string, name = NAME) =>
  api.call(`/contests/${name}/${act}`, { cookie, method: 'POST' })

async function contested() {
  await api.call('/v1/tenants', { cookie: holder, body: { domain_name: NAME } })
  await api.call('/v1/claims', { cookie: challenger, body: { domain_name: NAME } })
  const ctx = api.plane.ctxOf()
  const before = await findProof(ctx, bolt.licenseeId, NAME)
  if (before === undefined) throw new Error('nothing was asked for')
  await ctx.table.write(proofWrite(before, withSightings(before, [NAME], ctx.clock.now())))
  await api.call('/v1/tenants', { cookie: challenger, body: { domain_name: NAME } })
  await lookAtContest({ ...ctx, dns: createTextDns().dns }, { domainName: NAME })
}

describe('contested domains', () => {
  it('303 to the sign-in for nobody; 200 and empty without a contest', async () => {
    expect((await api.call('/contests')).headers.get('location')).toBe('/sign-in?to=%2Fcontests')
    const { status, text } = await read(holder)
    expect([status, text]).toEqual([200, expect.stringContaining('None of your domains is contested')])
  })

  it('303: the holder keeps it, and is then shown the record to enter; nobody learns of the other', async () => {
    await contested()
    const before = await read(holder)
    expect(before.text).toMatch(/b\.example\.com[\s\S]*2026-03-09 09:00 UTC[\s\S]*Keep it/)
    expect(before.text).not.toContain('convoke-claim=')
    const kept = await press('keep', holder)
    expect([kept.status, kept.headers.get('location')]).toEqual([303, '/contests'])
    const after = await read(holder)
    expect(after.text).toMatch(/_convoke-claim\.b\.example\.com[\s\S]*convoke-claim=\w{26}[\s\S]*Check now/)
    expect(after.text).not.toMatch(new RegExp(`Bolt|${bolt.licenseeId}`))
    expect((await read(challenger)).text).toContain('None of your domains')
    expect((await press('check', holder)).status).toBe(303)
  })

  it('200: shows no record that was asked for before the contest: it would not keep the name', async () => {
    await api.call('/v1/tenants', { cookie: holder, body: { domain_name: NAME } })
    await api.call('/v1/claims', { cookie: holder, body: { domain_name: NAME } })
    api.plane.platform.clock.advance(3600)
    await contested()
    const { text } = await read(holder)
    expect(text).toContain('Keep it')
    expect(text).not.toContain('convoke-claim=')
  })

  it('403: who may not manage domains sees no button; 404: who does not hold it, as for no contest; 422: the vendor', async () => {
    await contested()
    const viewer = (await api.person(acme, 'viewer')).cookie
    expect((await press('keep', viewer)).status).toBe(403)
    expect((await read(viewer)).text).not.toContain('<form method="post"')
    const [foreign, none] = [await press('keep', challenger), await press('keep', challenger, 'no.example.com')]
    expect([foreign.status, foreign.text]).toEqual([404, none.text])
    const vendor = (await api.person({ kind: 'vendor' }, 'vendor_admin')).cookie
    expect((await read(vendor)).text).toContain(NAME)
    expect((await press('keep', vendor)).status).toBe(422)
  })
})
