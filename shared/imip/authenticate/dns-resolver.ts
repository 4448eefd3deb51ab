import { Resolver } from 'node:dns/promises'

/** One DNS question, answered in the shapes of node:dns; rejects with an error whose `code` is c-ares' (ENOTFOUND, ENODATA, ETIMEOUT …). */
export type DnsResolver = (name: string, rrtype: string) => Promise<string[][] | string[]>

/** One server is asked for this long, twice, before a mail's verdict is given up. */
const QUERY_MS = 2000
const TRIES = 2

/** RFC 1035 §2.3.4; longer names only cost a round trip to be refused. */
const NAME_OCTETS_MAX = 253

/** A resolver of the given servers (`address` or `address:port`), or of the system's when there are none. */
export function resolverOf(dnsServers: readonly string[] | undefined): DnsResolver {
  const resolver = new Resolver({ timeout: QUERY_MS, tries: TRIES })
  if (dnsServers !== undefined && dnsServers.length > 0) resolver.setServers(dnsServers)
  return (name, rrtype) => {
    if (rrtype === 'A') return resolver.resolve4(name)
    if (rrtype === 'AAAA') return resolver.resolve6(name)
    if (rrtype === 'TXT') return resolver.resolveTxt(name)
    if (rrtype === 'CNAME') return resolver.resolveCname(name)
    if (rrtype === 'PTR') return resolver.resolvePtr(name)
    return resolveMx(resolver, name, rrtype)
  }
}

async function resolveMx(resolver: Resolver, name: string, rrtype: string): Promise<string[]> {
  if (rrtype !== 'MX') throw dnsError('ENOTIMP', `no lookups of ${rrtype}`)
  // mailauth reads {exchange, priority} rows, which its own type for resolvers does not say.
  const rows: unknown[] = await resolver.resolveMx(name)
  return rows as string[]
}

export type LookupBudget = { readonly lookupsMax: number; readonly withinMs: number }

/**
 * The same resolver for one mail: each question asked once, at most `lookupsMax` questions, and all of them answered or given up
 * within `withinMs`. Beyond that it rejects with ETIMEOUT, which ends as "processing failed", never as "no policy".
 */
export function withinBudget(resolve: DnsResolver, budget: LookupBudget): DnsResolver & { readonly done: () => void } {
  const answers = new Map<string, Promise<string[][] | string[]>>()
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => undefined)
  const timer = setTimeout(() => over.reject(dnsError('ETIMEOUT', 'DNS took too long')), budget.withinMs)
  const ask: DnsResolver = (name, rrtype) => {
    const key = `${rrtype} ${name.toLowerCase()}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = fresh(name, rrtype)
    answer.catch(() => undefined)
    answers.set(key, answer)
    return answer
  }
  async function fresh(name: string, rrtype: string): Promise<string[][] | string[]> {
    if (answers.size >= budget.lookupsMax) throw dnsError('ETIMEOUT', 'too many DNS lookups for one mail')
    if (name.length > NAME_OCTETS_MAX) throw dnsError('EBADNAME', 'the name is too long for DNS')
    return Promise.race([resolve(name, rrtype), over.promise])
  }
  return Object.assign(ask, { done: () => clearTimeout(timer) })
}

function dnsError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
