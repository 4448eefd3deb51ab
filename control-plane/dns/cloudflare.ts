import { BlockList, isIP } from 'node:net'

/** Cloudflare's own list (cloudflare.com/ips): a proxied name shows these instead of its record. */
const RANGES: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['173.245.48.0', 20, 'ipv4'],
  ['103.21.244.0', 22, 'ipv4'],
  ['103.22.200.0', 22, 'ipv4'],
  ['103.31.4.0', 22, 'ipv4'],
  ['141.101.64.0', 18, 'ipv4'],
  ['108.162.192.0', 18, 'ipv4'],
  ['190.93.240.0', 20, 'ipv4'],
  ['188.114.96.0', 20, 'ipv4'],
  ['197.234.240.0', 22, 'ipv4'],
  ['198.41.128.0', 17, 'ipv4'],
  ['162.158.0.0', 15, 'ipv4'],
  ['104.16.0.0', 13, 'ipv4'],
  ['104.24.0.0', 14, 'ipv4'],
  ['172.64.0.0', 13, 'ipv4'],
  ['131.0.72.0', 22, 'ipv4'],
  ['2400:cb00::', 32, 'ipv6'],
  ['2606:4700::', 32, 'ipv6'],
  ['2803:f800::', 32, 'ipv6'],
  ['2405:b500::', 32, 'ipv6'],
  ['2405:8100::', 32, 'ipv6'],
  ['2a06:98c0::', 29, 'ipv6'],
  ['2c0f:f248::', 32, 'ipv6'],
]

const cloudflare = new BlockList()
for (const [network, prefix, family] of RANGES) cloudflare.addSubnet(network, prefix, family)

/** True for an address of Cloudflare's proxy. */
export function isCloudflareProxy(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && cloudflare.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
