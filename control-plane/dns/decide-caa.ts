import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import type { DnsRecord } from './lookups.ts'
import type { Verdict } from './observation.ts'

/** Any of these lets ACM issue (ACM user guide, "Configure a CAA record"). */
const AMAZON = ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com']

const CAA = /^(\d+) (\w+) "([^"]*)"$/

/**
 * Whether the first CAA set found on the way up (RFC 8659 section 3) lets Amazon issue for a name and its wildcard. `foundAt` is the name
 * that holds the set; without one any authority may issue.
 */
export function decideCaa(set: readonly DnsRecord[], domainName: string, foundAt?: string): Verdict {
  const properties = set.map((record) => CAA.exec(record.value) ?? [])
  const issuersOf = (tag: string): readonly string[] =>
    properties.filter(([, , found]) => found === tag).map(([, , , value = '']) => issuerOf(value))
  const issue = issuersOf('issue')
  // RFC 8659 section 4.3: with issuewild the wildcard asks that alone.
  const issuewild = issuersOf('issuewild')
  const isAllowed = isOpen(issue) && isOpen(issuewild)
  const found = set.map((record) => `${record.name} CAA ${record.value}`)
  const isInherited = foundAt !== undefined && isBelow(domainName, foundAt)
  if (!isAllowed) return { state: 'wrong', code: isInherited ? 'caa_inherited' : 'caa_forbids', found }
  return { state: 'ok', code: set.length === 0 ? 'no_caa' : 'correct', found }
}

/** `;` alone names nobody; parameters after `;` are the authority's own. */
function issuerOf(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase()
}

function isOpen(issuers: readonly string[]): boolean {
  return issuers.length === 0 || issuers.some((issuer) => AMAZON.includes(issuer))
}
