import ipaddr from 'ipaddr.js'

/** Answers to whoever asks from inside a cloud's network, under an address that no register calls special. */
const PLATFORM_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16'])

/** Global unicast as it is given out (RFC 4291 §2.4, IANA): what else is "not special" is not to be reached either. */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3')

/**
 * True of an address that belongs to the public internet: not private, loopback, link-local, shared (RFC 6598), multicast, reserved, a
 * cloud's own, nor one that hides an IPv4 address (mapped, 6to4, NAT64, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || PLATFORM_ADDRESSES.has(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_V6)
}

/** True of 127.0.0.0/8, ::1 and `localhost`. */
export function isLoopbackName(hostName: string): boolean {
  if (hostName === 'localhost') return true
  return ipaddr.isValid(hostName) && ipaddr.parse(hostName).range() === 'loopback'
}

/** True of an address of either kind; names are not. */
export function isAddress(hostName: string): boolean {
  return ipaddr.isValid(hostName)
}
