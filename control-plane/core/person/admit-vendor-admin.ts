import type { Ctx } from '../context.ts'
import { resetPasskeys } from './change-passkeys.ts'
import { addMember } from './invite-person.ts'
import { findMembership } from './membership-store.ts'
import { findPersonByEmail } from './person-store.ts'

/**
 * Lets one of the vendor's admins in where no other admin can: the first one, who is made a member, and one who lost his passkeys, which are
 * reset. He signs in by a mailed link and adds a first passkey. Made again after it died in between it goes on.
 */
export async function admitVendorAdmin(
  whole: Ctx,
  input: { readonly email: string; readonly name: string; readonly reason: string },
): Promise<{ readonly personId: string; readonly did: 'added' | 'reset' }> {
  const ctx: Ctx = { ...whole, actor: { type: 'system', id: 'operator' }, scope: { kind: 'all' } }
  const { email, name, reason } = input
  const organization = { kind: 'vendor' } as const
  const person = await findPersonByEmail(ctx, email)
  const member = person === undefined ? undefined : await findMembership(ctx, organization, person.personId)
  if (member?.state === 'active') {
    await resetPasskeys(ctx, { personId: member.personId, reason })
    return { personId: member.personId, did: 'reset' }
  }
  const { personId } = await addMember(ctx, { organization, email, name, role: 'vendor_admin' })
  return { personId, did: 'added' }
}
