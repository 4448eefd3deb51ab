import { domainToASCII } from 'node:url'
import { getDomain } from 'tldts'

/** The part of an address behind its last `@`, lower case; '' when there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? '' : address.slice(at + 1).toLowerCase()
}

/**
 * Relaxed alignment (RFC 7489 §3.1): both names belong to one organizational domain. Private suffixes count as suffixes, for two
 * customers of one hosting name are strangers; a name without a public suffix (localhost, an address literal) is only itself.
 */
export function isAligned(a: string, b: string): boolean {
  const [nameA, nameB] = [bareName(a), bareName(b)]
  if (nameA === '' || nameB === '') return false
  if (nameA === nameB) return true
  const organization = getDomain(nameA, { allowPrivateDomains: true })
  return organization !== null && organization === getDomain(nameB, { allowPrivateDomains: true })
}

/** Whether both name the same domain, in whatever case and script each is written. */
export function isSameDomain(a: string, b: string): boolean {
  const ascii = domainToASCII(bareName(a))
  return ascii !== '' && ascii === domainToASCII(bareName(b))
}

function bareName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '')
}
