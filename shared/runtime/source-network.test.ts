import { describe, expect, it } from 'vitest'
import { sourceNetworkOf } from './source-network.ts'

const rows: readonly (readonly [string | undefined, string])[] = [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  [undefined, 'unknown'],
  ['not an address]/', 'not an address]/'],
]

describe('whom a limit by address counts', () => {
  it.each(rows)('%s as %s', (address, network) => {
    expect(sourceNetworkOf(address)).toBe(network)
  })
})
