import { describe, expect, it } from 'vitest'
import { covers, LICENSEE_ROLES, VENDOR_ROLES } from '../person/organization.ts'
import { cappedRole } from './acting-role.ts'

describe('the role that a key acts in', () => {
  it('is of a licensee’s key covered by its minter’s and by its own, whatever both are', () => {
    for (const role of LICENSEE_ROLES)
      for (const minter of LICENSEE_ROLES) {
        const acting = cappedRole(role, minter)
        expect([covers(role, acting), covers(minter, acting)]).toEqual([true, true])
      }
  })

  it.each(VENDOR_ROLES)('is of a key of the vendor what a %s may', (minter) => {
    expect(cappedRole('vendor_admin', minter)).toBe(minter)
    expect(cappedRole('vendor_support', minter)).toBe('vendor_support')
  })

  it('looks where the vendor’s admin who minted it for a licensee only looks now', () => {
    expect([cappedRole('owner', 'vendor_support'), cappedRole('owner', 'vendor_admin')]).toEqual(['viewer', 'owner'])
  })
})
