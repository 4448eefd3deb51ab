import { domainToASCII } from 'node:url'
import { InviteFailure } from './invite-failure.ts'

/** RFC 5321 §4.5.3.1: octets of a local part, of a domain, and of a path without its brackets. */
const LOCAL_OCTETS_MAX = 64
const DOMAIN_OCTETS_MAX = 253
const ADDRESS_OCTETS_MAX = 254

const ATOM_DOTS = /^[\w!#$%&'*+/=?^`{|}~.-]+$/
const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const QUOTED = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * An address as it stands in a header and in an SMTP command: pure ASCII. An internationalised domain goes in Punycode, which
 * names the same mailbox. A local part outside ASCII is refused, because SES does not speak SMTPUTF8 and no ASCII form of such
 * a mailbox exists. Dots in places where RFC 5322 has none (some Japanese carriers allow them) are quoted. Throws bad_recipient.
 */
export function mailAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const local = localPart(address.slice(0, Math.max(at, 0)))
  const domainName = asciiDomain(address.slice(at + 1))
  if (local.length + 1 + domainName.length > ADDRESS_OCTETS_MAX) throw refused('is longer than 254 octets')
  return `${local}@${domainName}`
}

function localPart(local: string): string {
  if (local.length === 0) throw refused('has no local part')
  if (local.length > LOCAL_OCTETS_MAX) throw refused('has a local part longer than 64 octets')
  if (DOT_ATOM.test(local) || QUOTED.test(local)) return local
  if (ATOM_DOTS.test(local)) return `"${local}"`
  throw refused('has a local part that mail cannot carry')
}

function asciiDomain(domain: string): string {
  // A URL parser would cut at these, drop them, or read an address of the network out of them.
  if (/[\s\p{Cc}/\\?#%:@[\]]/u.test(domain)) throw refused('has no domain name')
  const ascii = domainToASCII(domain)
  if (ascii.length > DOMAIN_OCTETS_MAX || !DOMAIN.test(ascii) || /^[\d.]+$/.test(ascii))
    throw refused('has no domain name')
  return ascii
}

function refused(why: string): Error {
  return InviteFailure.bad_recipient(`address ${why}`)
}
