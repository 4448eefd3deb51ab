import { InvitationFailure } from './invitation.ts'

/** RFC 5321 §4.5.3.1: 64 octets of local part, 254 of address. */
const LOCAL_PART_MAX = 64
const ADDRESS_MAX = 254

/** Dot-atom local part (RFC 5322 §3.2.3) and a dotted domain name of letters, digits and hyphens. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/

/**
 * A mailbox we can write to: dot-atom local part as given, domain lower-cased and in its ASCII (punycode) form.
 * Quoted local parts and non-ASCII local parts are refused: too many receivers cannot answer to them.
 */
export function parseAttendeeAddress(text: string): string {
  const trimmed = text.trim()
  const at = trimmed.lastIndexOf('@')
  const localPart = trimmed.slice(0, Math.max(at, 0))
  const domainName = asciiDomain(trimmed.slice(at + 1))
  const address = `${localPart}@${domainName}`
  if (
    at < 1 ||
    localPart.length > LOCAL_PART_MAX ||
    address.length > ADDRESS_MAX ||
    !LOCAL_PART.test(localPart) ||
    !DOMAIN.test(domainName)
  )
    throw InvitationFailure.bad_address(`"${trimmed.slice(0, 100)}" is not an e-mail address.`)
  return address
}

function asciiDomain(domainName: string): string {
  if (/^[\x21-\x7e]+$/.test(domainName)) return domainName.toLowerCase()
  try {
    return new URL(`http://${domainName}`).hostname
  } catch (error) {
    if (error instanceof TypeError) return ''
    throw error
  }
}
