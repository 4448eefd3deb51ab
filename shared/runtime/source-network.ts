/** An IPv4 address that came in over an IPv6 socket (RFC 4291 §2.5.5.2), as the URL standard writes it. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/
/** A link has a /64 (RFC 4291 §2.5.4), so whoever has one address has 2^64 of them. */
const LINK_GROUPS = 4

/** Whom a limit by address counts: an IPv4 address itself, of an IPv6 address its /64; what is unknown is one. */
export function sourceNetworkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const plain = canonicalIpv6(address.split('%')[0] ?? '')
  if (plain === undefined) return address
  const [, high, low] = MAPPED.exec(plain) ?? []
  if (high !== undefined && low !== undefined) return [high, low].flatMap(bytesOf).join('.')
  const [front = [], back = []] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return `${[...front, ...zeros, ...back].slice(0, LINK_GROUPS).join(':')}::/64`
}

/** Lower case, without leading zeros, its longest run of zeros as `::` (WHATWG URL, "IPv6 serializer"). */
function canonicalIpv6(address: string): string | undefined {
  const { hostname } = URL.parse(`http://[${address}]/`) ?? {}
  return hostname?.slice(1, -1)
}

function bytesOf(group: string): readonly [number, number] {
  const value = Number.parseInt(group, 16)
  return [Math.trunc(value / 256), value % 256]
}
