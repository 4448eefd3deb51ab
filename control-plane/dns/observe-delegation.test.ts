import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LocalDns, openLocalDns, ourServers } from '#test/harness/dns/local-dns.ts'
import type { Observation } from './observation.ts'
import { type DelegationReport, observeDelegation } from './observe-delegation.ts'
import { createDns, type Dns } from './resolvers.ts'

const domainName = 'invites.example.com'
const strangers = ['ns1.other.example', 'ns2.other.example']
let local: LocalDns

beforeEach(async () => {
  local = await openLocalDns()
  local.host({ domainName })
})
afterEach(() => local.close())

function look(formerNameServers: readonly string[] = []): Promise<DelegationReport> {
  return observeDelegation(local.dns, { domainName, expectedNameServers: ourServers, formerNameServers })
}

async function enterServers(names: readonly string[]): Promise<void> {
  for (const name of names) await local.enter(domainName, 'NS', name)
}

function part(report: DelegationReport, key: string): Observation {
  const found = report.observations.find((observation) => observation.key === key)
  if (found === undefined) throw new Error(`no part ${key}`)
  return found
}

const codes = (report: DelegationReport) =>
  Object.fromEntries(report.observations.map(({ key, state, code }) => [key, `${state} ${code}`]))

it('correct: the parent names our four servers and resolvers see them', async () => {
  await enterServers(ourServers)
  const report = await look()
  expect(codes(report)).toEqual({
    delegation: 'ok correct',
    cname: 'ok correct',
    ds: 'ok correct',
    resolvers: 'ok correct',
    caa: 'ok no_caa',
  })
  expect(report).toMatchObject({ isDelegated: true, parent: { zoneName: 'example.com', relativeName: 'invites' } })
  expect(part(report, 'delegation').found).toEqual(ourServers)
})

it('asks the parent itself, which answers in the authority section', async () => {
  await enterServers(ourServers)
  await look()
  const atParent = local.asked().filter(({ role, question }) => role === 'parent' && question.type === 'NS')
  expect(atParent).toHaveLength(2)
  expect(atParent[0]?.question.name).toBe(domainName)
})

it('none: the licensee is told what to enter', async () => {
  const report = await look()
  expect(report.isDelegated).toBe(false)
  expect(part(report, 'delegation')).toMatchObject({ state: 'waiting', code: 'none', whoActs: 'licensee', found: [] })
  for (const name of ourServers) expect(part(report, 'delegation').sentence).toContain(name)
})

it('none: a zone above that does not exist is no delegation either', async () => {
  const report = await observeDelegation(local.dns, {
    domainName: 'invites.not-there.org',
    expectedNameServers: ourServers,
  })
  expect(part(report, 'delegation')).toMatchObject({ state: 'waiting', code: 'none' })
  expect(report.parent?.zoneName).toBe('')
})

it('partial: some of our servers are missing', async () => {
  await enterServers(ourServers.slice(0, 2))
  expect(part(await look(), 'delegation')).toMatchObject({
    state: 'wrong',
    code: 'partial',
    found: ourServers.slice(0, 2),
  })
})

it('mixed: strangers beside ours', async () => {
  await enterServers([...ourServers, ...strangers])
  expect(part(await look(), 'delegation')).toMatchObject({ state: 'wrong', code: 'mixed' })
})

it('foreign: somebody else has the name', async () => {
  await enterServers(strangers)
  const delegation = part(await look(), 'delegation')
  expect(delegation).toMatchObject({ state: 'wrong', code: 'foreign', found: strangers, whoActs: 'licensee' })
  expect(delegation.sentence).toContain('up to 5 min')
})

it('former: our zone was made anew and has other servers', async () => {
  await enterServers(strangers)
  expect(part(await look([...strangers, 'ns3.other.example']), 'delegation')).toMatchObject({
    state: 'wrong',
    code: 'former',
  })
})

it('lame: the delegation is right but our servers do not have the zone; the vendor acts', async () => {
  await enterServers(ourServers)
  local.fail({ fault: 'refused', role: 'hosted' })
  const report = await look()
  expect(part(report, 'delegation')).toMatchObject({
    state: 'wrong',
    code: 'lame',
    found: ourServers,
    whoActs: 'vendor',
  })
  expect(report.isDelegated).toBe(false)
})

it('lame: a name server that is nowhere', async () => {
  await enterServers(ourServers)
  local.unhost(domainName)
  const report = await look()
  expect(part(report, 'delegation')).toMatchObject({ state: 'wrong', code: 'lame' })
  expect(part(report, 'resolvers')).toMatchObject({ state: 'cannot_check', code: 'servfail' })
})

it('a server of ours whose address no resolver can tell leaves it open', async () => {
  await enterServers(ourServers)
  const dns: Dns = {
    ...local.dns,
    addressOf: async (name) => (name === ourServers[3] ? 'cannot_tell' : local.zone.addressOf(name)),
  }
  const report = await observeDelegation(dns, { domainName, expectedNameServers: ourServers })
  expect(part(report, 'delegation')).toMatchObject({ state: 'cannot_check', found: ourServers })
})

it('finds name servers by their addresses in DNS when nobody says where they are', async () => {
  const dns = createDns({ lookups: local.lookups, resolvers: [local.zone.resolver] })
  await local.enter('ns9.example.com', 'A', '192.0.2.9')
  await local.enter('ns9six.example.com', 'AAAA', '2001:db8::9')
  expect(await dns.addressOf('ns9.example.com')).toEqual([{ address: '192.0.2.9', port: 53 }])
  expect(await dns.addressOf('ns9six.example.com')).toEqual([{ address: '2001:db8::9', port: 53 }])
  expect(await dns.addressOf('gone.example.com')).toEqual([])
  local.fail({ fault: 'servfail' })
  expect(await dns.addressOf('ns9.example.com')).toBe('cannot_tell')
})

it('a server of ours that is silent leaves it open', async () => {
  await enterServers(ourServers)
  local.fail({ fault: 'silent', role: 'hosted' })
  expect(part(await look(), 'delegation')).toMatchObject({ state: 'cannot_check', code: 'time_out' })
})

it('cname: an alias at the name forbids NS', async () => {
  await local.enter(domainName, 'CNAME', 'shop.example.org')
  const report = await look()
  expect(codes(report)).toMatchObject({ delegation: 'wrong cname_conflict', cname: 'wrong cname_conflict' })
  expect(part(report, 'cname').sentence).toContain('shop.example.org')
})

it('an alias that comes from a wildcard is no hindrance: the name has only to be entered', async () => {
  await local.enter('*.example.com', 'CNAME', 'shop.example.org')
  expect(codes(await look())).toMatchObject({ delegation: 'waiting none', cname: 'ok correct' })
  await enterServers(ourServers)
  expect((await look()).isDelegated).toBe(true)
})

it('ds: a DS at the parent makes the unsigned child SERVFAIL for the world', async () => {
  await enterServers(ourServers)
  await local.enter(domainName, 'DS', '4711 13 2 a1b2c3d4')
  const report = await look()
  expect(codes(report)).toMatchObject({
    delegation: 'ok correct',
    ds: 'wrong ds_present',
    resolvers: 'cannot_check servfail',
  })
  expect(report.isDelegated).toBe(false)
})

it('spreading: the parent is right, two of three resolvers do not see it yet', async () => {
  await enterServers(ourServers)
  const stale = await openLocalDns()
  const { resolver } = local.zone
  const dns = { ...local.dns, resolvers: [resolver, stale.zone.resolver, stale.zone.resolver] }
  const report = await observeDelegation(dns, { domainName, expectedNameServers: ourServers })
  expect(part(report, 'resolvers')).toMatchObject({ state: 'waiting', code: 'spreading', ttlSeconds: 60 })
  expect(report.isDelegated).toBe(false)
  const agreed = { ...local.dns, resolvers: [resolver, stale.zone.resolver, resolver] }
  expect((await observeDelegation(agreed, { domainName, expectedNameServers: ourServers })).isDelegated).toBe(true)
  await stale.close()
})

it('a parent of which one server lags behind still counts as pointing at us', async () => {
  await enterServers(ourServers)
  const ahead = await openLocalDns()
  const dns: Dns = {
    ...local.dns,
    addressOf: async (name) => (name.startsWith('ns2') ? [ahead.zone.resolver] : local.zone.addressOf(name)),
  }
  const report = await observeDelegation(dns, { domainName, expectedNameServers: ourServers })
  expect(part(report, 'delegation')).toMatchObject({ state: 'waiting', code: 'spreading', found: ourServers })
  await ahead.close()
})

it.each(['servfail', 'refused', 'silent', 'garbage', 'foreign_id'] as const)(
  'a parent that answers %s can never make it wrong',
  async (fault) => {
    await enterServers(strangers)
    local.fail({ fault, role: 'parent' })
    const report = await look()
    expect(part(report, 'delegation').state).toBe('cannot_check')
    expect(part(report, 'cname').state).toBe('cannot_check')
    expect(part(report, 'ds').state).toBe('cannot_check')
    expect(part(report, 'delegation').whoActs).toBe('nobody')
  },
)

it('without any resolver the parent is not guessed at', async () => {
  await enterServers(ourServers)
  local.fail({ fault: 'servfail', role: 'resolver' })
  const report = await look()
  expect(report.parent).toBeUndefined()
  expect(report.observations.map(({ state }) => state)).toEqual(Array(5).fill('cannot_check'))
  expect(part(report, 'delegation').code).toBe('parent_unknown')
})

it('reads truncated answers by TCP', async () => {
  await enterServers(ourServers)
  local.fail({ fault: 'truncated', transport: 'udp' })
  expect((await look()).isDelegated).toBe(true)
})

it('an inherited CAA is overruled in a zone of ours and holds nothing up', async () => {
  await enterServers(ourServers)
  await local.enter('example.com', 'CAA', '0 issue "other-ca.example"')
  const report = await look()
  expect(part(report, 'caa')).toMatchObject({ state: 'ok', code: 'caa_overruled' })
  expect(report.isDelegated).toBe(true)
})

it('writes names of servers in any case and with final dots', async () => {
  await enterServers(ourServers)
  const shouted = ourServers.map((name) => `${name.toUpperCase()}.`)
  expect((await observeDelegation(local.dns, { domainName, expectedNameServers: shouted })).isDelegated).toBe(true)
})
