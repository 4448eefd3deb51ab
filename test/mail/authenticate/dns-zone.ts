import type { DnsResolver } from '#shared/imip/authenticate/dns-resolver.ts'

/** Records by lower-case name; 'timeout' and 'servfail' stand for a server that does not or cannot answer. */
export type DnsZone = {
  readonly [name: string]: {
    readonly TXT?: readonly string[] | 'timeout' | 'servfail'
    readonly A?: readonly string[] | 'timeout'
    readonly AAAA?: readonly string[]
  }
}

/** Answers from the zone as node:dns would: ENOTFOUND without the name, ENODATA without the type. */
export function resolverOfZone(zone: DnsZone, asked: string[] = []): DnsResolver {
  return async (name, rrtype) => {
    asked.push(`${rrtype} ${name}`)
    const records = zone[name.toLowerCase()]
    if (records === undefined) throw dnsError('ENOTFOUND')
    if (rrtype !== 'TXT' && rrtype !== 'A' && rrtype !== 'AAAA') throw dnsError('ENODATA')
    const found = records[rrtype]
    if (found === 'timeout') throw dnsError('ETIMEOUT')
    if (found === 'servfail') throw dnsError('ESERVFAIL')
    if (found === undefined) throw dnsError('ENODATA')
    // TXT comes in strings of at most 255 octets, as on the wire.
    return rrtype === 'TXT' ? found.map((text) => text.match(/.{1,255}/gs) ?? []) : [...found]
  }
}

function dnsError(code: string): Error {
  return Object.assign(new Error(`fake DNS: ${code}`), { code })
}
