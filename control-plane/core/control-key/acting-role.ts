import type { Ctx } from '../context.ts'
import { findMembership } from '../person/membership-store.ts'
import { covers, organizationNamed, type Role } from '../person/organization.ts'
import type { ControlKey } from './control-key.ts'

/** In which role a key acts now; undefined: not at all, since whoever minted it is no member any more. */
export async function actingRole(ctx: Ctx, { mintedBy, role }: ControlKey): Promise<Role | undefined> {
  if (mintedBy === undefined) return role
  const { organizationName, personId, since } = mintedBy
  const minter = await findMembership(ctx, organizationNamed(organizationName), personId)
  return minter?.state === 'active' && minter.invitedAt === since ? cappedRole(role, minter.role) : undefined
}

/** The role of a key, but never more than its minter has now; where neither has all of the other, it looks. */
export function cappedRole(role: Role, minter: Role): Role {
  if (covers(minter, role)) return role
  return covers(role, minter) ? minter : 'viewer'
}
