import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { findProof, proofWrite, withSightings } from '#control-plane/core/domain/claim-proof.ts'
import { lookAtContest } from '#control-plane/provisioning/look-at-contest.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import { createTextDns } from '#test/harness/dns/text-dns.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let bolt: typeof acme
let holder = ''
let asker = ''
let vendor = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  bolt = await api.licensee('Bolt')
  holder = await api.key(acme, 'owner')
  asker = await api.key(bolt, 'admin')
  vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
})
afterEach(() => api.close())

const NAME = 'b.example.com'
const register = (key: string, domain_name = NAME) => api.call('/v1/tenants', { key, body: { domain_name } })
const ask = (key: string, domain_name = NAME, more = {}) =>
  api.call('/v1/claims', { key, body: { domain_name, ...more } })
const keep = (key: string, name = NAME) => api.call(`/v1/contests/${name}/keep`, { key, method: 'POST' })
const contestsOf = async (key: string) => (await api.call('/v1/contests', { key })).body.data

/** As if our look had seen the asker's record: nothing answers for DNS here. */
async function seen(names: readonly string[] = [NAME]) {
  const ctx = api.plane.ctxOf()
  const before = await findProof(ctx, bolt.licenseeId, NAME)
  if (before === undefined) throw new Error('nothing was asked for')
  await ctx.table.write(proofWrite(before, withSightings(before, names, ctx.clock.now())))
}

async function contested() {
  const tenant = await register(holder)
  await ask(asker)
  await seen()
  expect(await register(asker)).toMatchObject({ status: 409, body: { code: 'tenant.contested' } })
  await lookAtContest({ ...api.plane.ctxOf(), dns: createTextDns().dns }, { domainName: NAME })
  return tenant.body.id
}

describe('claims', () => {
  it('201: the TXT records to enter, the same when asked again; never a word of who holds the name', async () => {
    await register(holder, 'example.com')
    const { status, body, text } = await ask(asker, 'B.example.com.')
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        domain_name: NAME,
        record: { type: 'TXT', value: expect.stringMatching(/^convoke-claim=\w{26}$/) },
        names: [
          { domain_name: NAME, record_name: `_convoke-claim.${NAME}` },
          { domain_name: 'example.com', record_name: '_convoke-claim.example.com' },
        ],
        decision: 'needs_proof',
        issued_at: '2026-03-02T09:00:00.000Z',
        ends_at: '2026-04-01T09:00:00.000Z',
      }),
    ])
    expect(text).not.toMatch(new RegExp(`Acme|${acme.licenseeId}`))
    expect((await ask(asker)).text).toBe(text)
    expect((await api.call('/v1/claims', { key: asker })).body.data).toEqual([body])
    expect((await api.call('/v1/claims', { key: holder })).body.data).toEqual([])
  })

  it('201: with both names seen the child is registered', async () => {
    await register(holder, 'example.com')
    await ask(asker)
    expect(await register(asker)).toMatchObject({ status: 409, body: { code: 'tenant.proof_needed' } })
    await seen([NAME, 'example.com'])
    expect((await register(asker)).status).toBe(201)
  })

  it('403: viewer and billing; 422: no domain, or the vendor says not whose; 404: another’s', async () => {
    for (const role of ['viewer', 'billing'] as const) expect((await ask(await api.key(bolt, role))).status).toBe(403)
    expect((await ask(asker, 'co.uk')).status).toBe(422)
    expect((await ask(vendor)).status).toBe(422)
    expect((await ask(vendor, NAME, { licensee_id: bolt.licenseeId })).status).toBe(201)
    expect((await ask(holder, NAME, { licensee_id: bolt.licenseeId })).body.code).toBe('licensee.not_found')
    const look = (key: string) => api.call(`/v1/claims/${NAME}/check`, { key, method: 'POST' })
    expect((await look(holder)).body).toMatchObject({ status: 404, code: 'claim.not_asked' })
    expect(await look(asker)).toMatchObject({ status: 200, body: { decision: 'claim' } })
  })
})

describe('contests', () => {
  it('200: the holder sees it, and on his tenant too; who contests is the vendor’s to know', async () => {
    const tenantId = await contested()
    const [own] = z.array(z.record(z.string(), z.unknown())).parse(await contestsOf(holder))
    expect(own).toMatchObject({ domain_name: NAME, state: 'open', unbind_at: '2026-03-09T09:00:00.000Z' })
    expect(JSON.stringify(own)).not.toContain(bolt.licenseeId)
    expect(JSON.stringify(await contestsOf(vendor))).toContain(bolt.licenseeId)
    expect(await contestsOf(asker)).toEqual([])
    const tenant = await api.call(`/v1/tenants/${tenantId}`, { key: holder })
    expect(tenant.body.contested_until).toBe('2026-03-09T09:00:00.000Z')
  })

  it('201: the holder is given a new token to keep the name by; 404: for whoever does not hold it, and when nothing is contested', async () => {
    await contested()
    expect(await keep(holder)).toMatchObject({ status: 201, body: { names: [{ domain_name: NAME }] } })
    const refused = async (key: string, name?: string) => {
      const { status, body } = await keep(key, name)
      return [status, { ...body, request_id: '' }]
    }
    expect(await refused(asker)).toEqual(await refused(asker, 'nowhere.example.com'))
    expect((await refused(asker))[0]).toBe(404)
    expect((await keep(await api.key(acme, 'viewer'))).status).toBe(403)
  })
})
