import { getDomain } from 'tldts'
import { agree } from './agree.ts'
import { isCloudflareProxy } from './cloudflare.ts'
import { decideRecord } from './decide-record.ts'
import type { ExpectedRecord } from './expected-records.ts'
import type { DnsRecord, RecordType } from './lookups.ts'
import type { Observation, Verdict } from './observation.ts'
import { observeCaa } from './observe-caa.ts'
import { askResolvers, type Dns } from './resolvers.ts'
import { observationOf } from './sentences.ts'
import { viewOf } from './view.ts'
import { isFromWildcard } from './wildcard.ts'

/**
 * Looks at records through the resolvers, each by itself. `zoneName` is where they are entered (the registrable name, if not told): a name that
 * the provider completed by it once more is recognised. Never throws for what DNS says or does not say.
 */
export function observeRecords(
  dns: Dns,
  expected: readonly ExpectedRecord[],
  options: { readonly zoneName?: string } = {},
): Promise<readonly Observation[]> {
  return Promise.all(
    expected.map((record) => observeRecord(dns, record, options.zoneName ?? getDomain(record.name) ?? '')),
  )
}

async function observeRecord(dns: Dns, record: ExpectedRecord, zoneName: string): Promise<Observation> {
  const { key, name, type, value } = record
  if (record.purpose === 'caa') return { ...(await observeCaa(dns, { domainName: name, isOurZone: false })), key }
  const plain = await verdictAt(dns, record, name)
  const verdict = await explained(dns, record, plain, zoneName)
  return observationOf({ key, name, type, expected: [value] }, verdict)
}

async function verdictAt(dns: Dns, record: ExpectedRecord, name: string): Promise<Verdict> {
  const results = await askResolvers(dns, { name, type: record.type })
  return agree(results.map((result) => decideRecord(record, viewOf(result, { name, type: record.type }))))
}

/** Looks again, at other types or names, for what makes a record come out as it did. */
async function explained(dns: Dns, record: ExpectedRecord, verdict: Verdict, zoneName: string): Promise<Verdict> {
  if (record.purpose === 'web_host') return explainWebHost(dns, record, verdict)
  if (verdict.code === 'cname_conflict' && (await isFromWildcard(dns, record.name, verdict.found[0])))
    return { ...verdict, state: 'waiting', code: 'missing', found: [] }
  if (verdict.code !== 'missing') return verdict
  if (record.type === 'CNAME' && (await addressesAt(dns, record.name)).some(isProxied))
    return { ...verdict, state: 'wrong', code: 'proxied' }
  if (zoneName === '') return verdict
  const doubledName = `${record.name}.${zoneName}`
  const doubled = await verdictAt(dns, record, doubledName)
  return doubled.state === 'ok' ? { state: 'wrong', code: 'name_doubled', found: [doubledName] } : verdict
}

/** A host may be right without its CNAME (providers flatten them) and wrong beside it (AAAA left from before). */
async function explainWebHost(dns: Dns, record: ExpectedRecord, verdict: Verdict): Promise<Verdict> {
  if (verdict.state === 'cannot_check') return verdict
  const isAliasRight = record.type === 'CNAME' && verdict.state === 'ok'
  if (isAliasRight) return verdict
  const [ipv4, ipv6] = await Promise.all([seenAt(dns, record.name, 'A'), seenAt(dns, record.name, 'AAAA')])
  const found = [...ipv4, ...ipv6]
  if (found.some(isProxied)) return { ...verdict, state: 'wrong', code: 'proxied', found: found.map(textOf) }
  const wanted = record.type === 'A' ? [record.value] : (await addressesAt(dns, record.value)).map(textOf)
  const strangers = ipv6.filter((address) => !wanted.includes(address.value))
  const isRight = ipv4.length > 0 && ipv4.every((address) => wanted.includes(address.value))
  if (isRight && strangers.length > 0)
    return { ...verdict, state: 'wrong', code: 'ipv6_leftover', found: strangers.map(textOf) }
  if (isRight && verdict.code === 'missing')
    return { ...verdict, state: 'ok', code: 'correct', found: found.map(textOf) }
  if (verdict.code === 'missing' && found.length > 0)
    return { ...verdict, state: 'wrong', code: 'other_value', found: found.map(textOf) }
  return verdict
}

const textOf = (record: DnsRecord): string => record.value
const isProxied = (record: DnsRecord): boolean => isCloudflareProxy(record.value)

async function addressesAt(dns: Dns, name: string): Promise<readonly DnsRecord[]> {
  return [...(await seenAt(dns, name, 'A')), ...(await seenAt(dns, name, 'AAAA'))]
}

/** Records of the first resolver that sees any. */
async function seenAt(dns: Dns, name: string, type: RecordType): Promise<readonly DnsRecord[]> {
  const results = await askResolvers(dns, { name, type })
  for (const result of results) {
    const view = viewOf(result, { name, type })
    if (view.kind === 'seen' && view.records.length > 0) return view.records
  }
  return []
}
