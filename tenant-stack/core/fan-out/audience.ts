import type { Audience } from '../context.ts'
import type { Invitation } from '../invitation/invitation.ts'

/** Who hears of a change: `responded` also after a reset made the answers NEEDS-ACTION again. */
export function isInAudience(invitation: Pick<Invitation, 'hasResponded' | 'partstat'>, audience: Audience): boolean {
  switch (audience) {
    case 'everyone':
      return true
    case 'responded':
      return invitation.hasResponded
    case 'attending':
      return invitation.hasResponded && (invitation.partstat === 'ACCEPTED' || invitation.partstat === 'TENTATIVE')
  }
}
