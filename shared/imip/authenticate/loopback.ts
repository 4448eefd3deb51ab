import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True for 127.0.0.0/8 and ::1, also written as an IPv4-mapped address; false for anything that is no address. */
export function isLoopback(address: string): boolean {
  const version = isIP(address)
  if (version === 0) return false
  return loopback.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
