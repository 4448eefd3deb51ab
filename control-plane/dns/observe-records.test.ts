import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LocalDns, openLocalDns } from '#test/harness/dns/local-dns.ts'
import { type ExpectedRecord, expectedRecords } from './expected-records.ts'
import type { RecordType } from './lookups.ts'
import type { Observation } from './observation.ts'
import { observeRecords } from './observe-records.ts'

const domainName = 'invites.example.com'
const expected = expectedRecords({
  domainName,
  claimToken: 'token1',
  region: 'eu-west-1',
  dkimTokens: ['aaa', 'bbb', 'ccc'],
  mailFromDomainName: `bounce.${domainName}`,
  reportAddress: 'dmarc@convoke.example',
  certificateValidation: { name: `_c0ffee.${domainName}`, value: '_beef.acm-validations.aws' },
  webTarget: { type: 'CNAME', value: 'd-123.execute-api.eu-west-1.amazonaws.com' },
})
let local: LocalDns

beforeEach(async () => {
  local = await openLocalDns()
})
afterEach(() => local.close())

function record(key: string): ExpectedRecord {
  const found = expected.find((one) => one.key === key)
  if (found === undefined) throw new Error(`no record ${key}`)
  return found
}

async function look(key: string): Promise<Observation> {
  const [observation] = await observeRecords(local.dns, [record(key)])
  if (observation === undefined) throw new Error('no observation')
  return observation
}

async function enter(key: string, ...values: readonly string[]): Promise<void> {
  const { name, type } = record(key)
  for (const value of values) await local.enter(name, type, value)
}

it('asks a licensee for thirteen or so records, and sees each one that is entered as wanted', async () => {
  expect(expected).toHaveLength(14)
  expect(expected.map(({ key }) => key)).toContain('web_app')
  const before = await observeRecords(local.dns, expected)
  expect(before.filter(({ key }) => key !== 'caa').map(({ state, code }) => `${state} ${code}`)).toEqual(
    Array(13).fill('waiting missing'),
  )
  for (const { name, type, value } of expected) await local.enter(name, type, value)
  const after = await observeRecords(local.dns, expected)
  expect(after.map(({ state, whoActs }) => `${state} ${whoActs}`)).toEqual(Array(14).fill('ok nobody'))
})

it.each<readonly [string, string, readonly string[], string]>([
  [
    'inbound_mx',
    'other mail servers beside ours',
    ['10 inbound-smtp.eu-west-1.amazonaws.com', '20 mx.example.org'],
    'mx_conflict',
  ],
  ['inbound_mx', 'mail that goes elsewhere', ['10 mx.example.org'], 'mx_foreign'],
  [
    'inbound_mx',
    'the domain added to our server',
    ['10 inbound-smtp.eu-west-1.amazonaws.com.example.com'],
    'target_doubled',
  ],
  ['mail_from_mx', 'another bounce server', ['10 feedback-smtp.us-east-1.amazonses.com'], 'mx_foreign'],
  ['dkim_1', 'another target', ['bbb.dkim.amazonses.com'], 'other_value'],
  ['dkim_1', 'the domain added to the target', ['aaa.dkim.amazonses.com.example.com'], 'target_doubled'],
  ['certificate', 'an old validation', ['_dead.acm-validations.aws'], 'other_value'],
  ['claim', "another licensee's token", ['convoke-claim=token2'], 'other_value'],
  ['spf', 'SPF without our senders', ['v=spf1 include:_spf.example.org -all'], 'spf_without_ses'],
  ['spf', 'SPF that lets everybody send', ['v=spf1 include:amazonses.com +all'], 'spf_open'],
  ['mail_from_spf', 'two SPF records', ['v=spf1 include:amazonses.com ~all', 'v=spf1 -all'], 'several'],
  ['dmarc', 'two DMARC records', ['v=DMARC1; p=none', 'v=DMARC1; p=reject'], 'several'],
  ['dmarc', 'DMARC without a policy', ['v=DMARC1; rua=mailto:a@example.com'], 'dmarc_bad_tag'],
  ['dmarc', 'an unknown policy', ['v=DMARC1; p=rejekt'], 'dmarc_bad_tag'],
  ['dmarc', 'a policy twice', ['v=DMARC1; p=none; p=reject'], 'dmarc_bad_tag'],
  ['dmarc', 'a percentage above 100', ['v=DMARC1; p=none; pct=101'], 'dmarc_bad_tag'],
  ['dmarc', 'an address that is no address', ['v=DMARC1; p=none; rua=a@example.com'], 'dmarc_bad_tag'],
  ['dmarc', 'the version misspelled', ['v=DMARC 1; p=none'], 'dmarc_bad_tag'],
  ['caa', 'CAA that forbids Amazon', ['0 issue "other-ca.example"'], 'caa_forbids'],
  ['caa', 'CAA that forbids everybody', ['0 issue ";"'], 'caa_forbids'],
  ['caa', 'CAA that forbids wildcards', ['0 issue "amazon.com"', '0 issuewild ";"'], 'caa_forbids'],
  ['web_api', 'a host elsewhere', ['shop.example.org'], 'other_value'],
])('%s is wrong with %s', async (key, _, values, code) => {
  await enter(key, ...values)
  const observation = await look(key)
  expect(observation).toMatchObject({ state: 'wrong', code, whoActs: 'licensee' })
  expect(observation.found.length).toBeGreaterThan(0)
  expect(observation.sentence.length).toBeGreaterThan(20)
})

it.each<readonly [string, string, readonly string[]]>([
  ['inbound_mx', 'our server at another preference', ['5 INBOUND-SMTP.eu-west-1.amazonaws.com.']],
  [
    'spf',
    'our senders among others',
    ['v=spf1 include:_spf.example.org include:amazonses.com -all', 'some other text'],
  ],
  [
    'dmarc',
    'a policy of his own',
    ['v=DMARC1;p=reject;sp=quarantine;adkim=s;pct=50;rua=mailto:a@example.com,mailto:b@example.com'],
  ],
  ['claim', "our token beside another's", ['convoke-claim=token2', 'convoke-claim=token1']],
  [
    'caa',
    'Amazon among others',
    ['0 issue "other-ca.example"', '0 issue "amazontrust.com; x=y"', '0 iodef "mailto:a@example.com"'],
  ],
])('%s is ok with %s', async (key, _, values) => {
  await enter(key, ...values)
  expect(await look(key)).toMatchObject({ state: 'ok', code: 'correct' })
})

it('walks up to the CAA records of the name above', async () => {
  await local.enter('example.com', 'CAA', '0 issue "other-ca.example"')
  expect(await look('caa')).toMatchObject({
    state: 'wrong',
    code: 'caa_inherited',
    found: ['example.com CAA 0 issue "other-ca.example"'],
  })
  await enter('caa', '0 issue "amazon.com"')
  expect(await look('caa')).toMatchObject({ state: 'ok', code: 'correct' })
})

it('a CNAME at the name of other records is in their way', async () => {
  await local.enter(domainName, 'CNAME', 'shop.example.org')
  expect(await look('inbound_mx')).toMatchObject({
    state: 'wrong',
    code: 'cname_conflict',
    found: ['shop.example.org'],
  })
  expect(await look('spf')).toMatchObject({ state: 'wrong', code: 'cname_conflict' })
})

it('an alias from a wildcard is no conflict', async () => {
  await local.enter('*.example.com', 'CNAME', 'shop.example.org')
  expect(await look('inbound_mx')).toMatchObject({ state: 'waiting', code: 'missing' })
})

it('recognises a name that the provider completed twice', async () => {
  const { name, type, value } = record('dkim_2')
  await local.enter(`${name}.example.com`, type, value)
  expect(await look('dkim_2')).toMatchObject({
    state: 'wrong',
    code: 'name_doubled',
    found: [`${name}.example.com`],
  })
  const elsewhere = await observeRecords(local.dns, [record('dkim_2')], { zoneName: 'example.org' })
  expect(elsewhere).toMatchObject([{ state: 'waiting', code: 'missing' }])
})

it("recognises Cloudflare's proxy in front of a CNAME and of a host", async () => {
  await local.enter(record('dkim_1').name, 'A', '104.16.1.2')
  await local.enter(`go.${domainName}`, 'AAAA', '2606:4700::1')
  expect(await look('dkim_1')).toMatchObject({ state: 'wrong', code: 'proxied' })
  expect(await look('web_go')).toMatchObject({ state: 'wrong', code: 'proxied' })
})

it('takes a wildcard for the hosts, and addresses of the same target', async () => {
  await local.enter(`*.${domainName}`, 'CNAME', record('web_api').value)
  expect(await look('web_api')).toMatchObject({ state: 'ok' })
  await local.enter('target.example.com', 'A', '192.0.2.44')
  await local.enter('flat.example.com', 'A', '192.0.2.44')
  const flat: ExpectedRecord = {
    key: 'web_api',
    purpose: 'web_host',
    name: 'flat.example.com',
    type: 'CNAME',
    value: 'target.example.com',
  }
  expect(await observeRecords(local.dns, [flat])).toMatchObject([{ state: 'ok', found: ['192.0.2.44'] }])
  await local.enter('flat.example.com', 'AAAA', '2001:db8::1')
  expect(await observeRecords(local.dns, [flat])).toMatchObject([
    { state: 'wrong', code: 'ipv6_leftover', found: ['2001:db8::1'] },
  ])
})

it.each(['servfail', 'refused', 'silent', 'garbage'] as const)('%s is never wrong', async (fault) => {
  await enter('inbound_mx', '10 mx.example.org')
  await local.enter('example.com', 'CAA', '0 issue "other-ca.example"')
  local.fail({ fault })
  const keys = ['inbound_mx', 'dkim_1', 'web_api', 'caa'] as const
  const states = (await observeRecords(local.dns, keys.map(record))).map(({ state }) => state)
  expect(states).toEqual(Array(4).fill('cannot_check'))
})

it('is green when two of three resolvers agree, waits while one sees it, and tells the remaining time', async () => {
  const stale = await openLocalDns()
  const both = (fresh: number) => ({
    ...local.dns,
    resolvers: [0, 1, 2].map((n) => (n < fresh ? local.zone.resolver : stale.zone.resolver)),
  })
  await enter('inbound_mx', record('inbound_mx').value)
  await stale.enter(domainName, 'MX', '10 mx.example.org', 14_400)
  const wanted = [record('inbound_mx')]
  expect(await observeRecords(both(3), wanted)).toMatchObject([{ state: 'ok' }])
  expect(await observeRecords(both(2), wanted)).toMatchObject([{ state: 'ok' }])
  const [one] = await observeRecords(both(1), wanted)
  expect(one).toMatchObject({ state: 'waiting', code: 'spreading', ttlSeconds: 14_400 })
  expect(one?.sentence).toContain('up to 4 h')
  expect(await observeRecords(both(0), wanted)).toMatchObject([{ state: 'wrong', code: 'mx_foreign' }])
  await stale.close()
})

it('one resolver that cannot say does not matter; two leave it open', async () => {
  const dead = { address: '127.0.0.1', port: 1 }
  const { resolver } = local.zone
  await enter('inbound_mx', record('inbound_mx').value)
  const wanted = [record('inbound_mx')]
  const one = { ...local.dns, resolvers: [resolver, dead, resolver] }
  const two = { ...local.dns, resolvers: [dead, dead, resolver] }
  expect(await observeRecords(one, wanted)).toMatchObject([{ state: 'ok' }])
  expect(await observeRecords(two, wanted)).toMatchObject([{ state: 'cannot_check', code: 'unreachable' }])
})

it('shows what strangers put into DNS without control characters and not at any length', async () => {
  const hostile: readonly (readonly [RecordType, string])[] = [['TXT', `v=spf1 ‮evil ${'x'.repeat(1500)}`]]
  for (const [type, value] of hostile) await local.enter(domainName, type, value)
  const [found = ''] = (await look('spf')).found
  expect(found.length).toBeLessThan(210)
  expect(found).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
