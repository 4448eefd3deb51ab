import {
  type DnsAnswer,
  type DnsLookups,
  type DnsQuestion,
  type DnsServer,
  type LookupResult,
  RCODE,
} from './lookups.ts'

const DNS_PORT = 53

/** Public resolvers of three operators: Cloudflare, Google, Quad9. */
export const PUBLIC_RESOLVERS: readonly DnsServer[] = ['1.1.1.1', '8.8.8.8', '9.9.9.9'].map((address) => ({
  address,
  port: DNS_PORT,
}))

/** What the checker needs of the world. */
export type Dns = {
  readonly lookups: DnsLookups
  /** Three; with fewer a record is green when all of them agree. */
  readonly resolvers: readonly DnsServer[]
  /** Where a name server of this name is reached; none: there is no such server. */
  readonly addressOf: (serverName: string) => Promise<readonly DnsServer[] | 'cannot_tell'>
}

/** Puts a checker's world together; by default public resolvers, and name servers at the addresses that these know. */
export function createDns(options: {
  readonly lookups: DnsLookups
  readonly resolvers?: readonly DnsServer[]
  readonly addressOf?: Dns['addressOf']
}): Dns {
  const { lookups, resolvers = PUBLIC_RESOLVERS } = options
  const base = { lookups, resolvers }
  return { ...base, addressOf: options.addressOf ?? ((serverName) => lookUpAddress(base, serverName)) }
}

/** Asks all resolvers at once. */
export function askResolvers(
  dns: Pick<Dns, 'lookups' | 'resolvers'>,
  question: DnsQuestion,
): Promise<readonly LookupResult[]> {
  return Promise.all(dns.resolvers.map((resolver) => dns.lookups.ask(resolver, question, { isRecursive: true })))
}

/** The first resolver's answer that says something; undefined when none of them could tell. */
export async function askAnyResolver(
  dns: Pick<Dns, 'lookups' | 'resolvers'>,
  question: DnsQuestion,
): Promise<DnsAnswer | undefined> {
  for (const resolver of dns.resolvers) {
    const result = await dns.lookups.ask(resolver, question, { isRecursive: true })
    if (isTold(result)) return result
  }
  return undefined
}

/** True for an answer that says what there is or that there is nothing; SERVFAIL, REFUSED and time-outs say neither. */
export function isTold(result: LookupResult): result is DnsAnswer {
  return result.kind === 'answered' && (result.rcode === RCODE.noError || result.rcode === RCODE.noSuchName)
}

async function lookUpAddress(
  dns: Pick<Dns, 'lookups' | 'resolvers'>,
  name: string,
): Promise<readonly DnsServer[] | 'cannot_tell'> {
  for (const type of ['A', 'AAAA'] as const) {
    const answer = await askAnyResolver(dns, { name, type })
    if (answer === undefined) return 'cannot_tell'
    const found = answer.answers.filter((record) => record.type === type)
    if (found.length > 0) return found.map((record) => ({ address: record.value, port: DNS_PORT }))
  }
  return []
}
