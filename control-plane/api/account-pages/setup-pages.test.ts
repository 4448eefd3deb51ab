import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Domain, DomainRecord } from '#control-plane/core/domain/domain.ts'
import { domainWrite } from '#control-plane/core/domain/domain-store.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let owner = ''
let tenantId = ''
let path = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  owner = (await api.person(acme, 'owner')).cookie
  const { body } = await api.call('/v1/tenants', { cookie: owner, body: { domain_name: 'invites.example.com' } })
  tenantId = String(body.id)
  path = `/licences/${String(body.licence_id)}`
})
afterEach(() => api.close())

const read = async (cookie = owner) => (await api.call(path, { cookie })).text

async function putDomain(records: Domain['records'], domainName = 'invites.example.com') {
  const now = api.plane.platform.clock.now()
  const nameServers = ['ns1.example.net', 'ns2.example.net']
  const looks = { lookingSince: now, looks: 1, lastLookAt: now, createdAt: now, version: 1 }
  const { licenseeId } = acme
  const domain: Domain = { tenantId, licenseeId, domainName, state: 'claimed', nameServers, records, ...looks }
  await api.plane.ctxOf().table.write(domainWrite(undefined, domain))
}

const record = (state: DomainRecord['state']): DomainRecord => ({
  key: 'delegation',
  name: 'invites.example.com',
  type: 'NS',
  state,
  code: 'missing',
  whoActs: 'licensee',
  expected: ['ns1.example.net'],
  found: ['<b>old</b>.example.net'],
  sentence: 'The name servers are not seen.',
  since: 0,
  observedAt: 0,
  misses: 0,
})

async function beginRun() {
  const ctx = api.plane.ctxOf()
  const before = await getTenant(ctx, tenantId)
  await ctx.table.transact([tenantWrite(before, { ...before, state: 'live', version: before.version + 1 })])
  await api.call(`/v1/tenants/${tenantId}/retire`, { cookie: owner, body: { reason: 'over' } })
}

describe('the domain of a licence', () => {
  it('200: each record with what is expected and what was found, to copy; none of it is markup', async () => {
    expect(await read()).toContain('Nothing is to be entered in DNS yet')
    await putDomain([record('wrong')])
    const text = await read()
    for (const said of [
      'Open the DNS settings of example.com',
      'The name servers are not seen.',
      '<code class="copy">ns1.example.net</code>',
      '<code class="copy">invites</code>',
      '&lt;b&gt;old',
      'Check now',
    ])
      expect(text).toContain(said)
    expect(text).not.toContain('<b>old')
  })

  it('says so when all is as it should be, and has no button for who may not manage domains', async () => {
    await putDomain([record('ok')])
    const viewer = (await api.person(acme, 'viewer')).cookie
    const text = await read(viewer)
    expect(text).toContain('All records are as they should be.')
    expect(text).not.toMatch(/Check now|Open the DNS settings/)
  })

  it('names no zone where the domain lies right below the root', async () => {
    await putDomain([record('waiting')], 'invites')
    const text = await read()
    expect(text).toContain('Open the DNS settings at your DNS provider')
    expect(text).not.toContain('settings of ')
  })

  it('409: asked to look again too soon', async () => {
    await putDomain([record('waiting')])
    const { status, text } = await api.call(`${path}/check-now`, { cookie: owner, method: 'POST' })
    expect([status, text]).toEqual([
      expect.any(Number),
      expect.stringMatching(/looked at just now\. Try again in \d+ s/),
    ])
    expect([409, 429]).toContain(status)
  })
})

const stepsOf = (body: unknown) => z.object({ steps: z.array(z.object({ sentence: z.string() })) }).parse(body).steps

describe('what is being done to a domain', () => {
  it('200: step by step in the licensee’s words, for the vendor too, and loads again while it goes on', async () => {
    await beginRun()
    const vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
    const { body } = await api.call(`/v1/tenants/${tenantId}/run`, { key: vendor })
    const theirs = await api.call(`/v1/tenants/${tenantId}/run`, { cookie: owner })
    expect(theirs.body).not.toEqual(body)
    const text = await read()
    expect(text).toMatch(/<meta http-equiv="refresh" content="5">/)
    expect(text).toMatch(/It goes on by itself[\s\S]*<progress max="3" value="0"[\s\S]*0 of 3 steps are done/)
    const support = await read((await api.person({ kind: 'vendor' }, 'vendor_support')).cookie)
    for (const { sentence } of stepsOf(theirs.body)) expect(support).toContain(sentence)
    const theirWords = new Set(stepsOf(theirs.body).map(({ sentence }) => sentence))
    const ours = stepsOf(body).filter(({ sentence }) => !theirWords.has(sentence))
    expect(ours.length).toBeGreaterThan(0)
    for (const { sentence } of ours) expect(support).not.toContain(sentence)
  })
})
