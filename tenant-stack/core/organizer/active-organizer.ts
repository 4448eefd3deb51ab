import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { findOrganizer, type Organizer, OrganizerFailure } from './organizer.ts'

/** The organizer in whose name a request acts. Throws `organizer.unknown`. */
export async function activeOrganizer(ctx: Ctx, email: string): Promise<Organizer> {
  const organizer = await findOrganizer(ctx, normalizeAddress(email))
  if (organizer === undefined) throw refused('is not an organizer of this domain; add him first')
  return organizer
}

function refused(message: string) {
  return OrganizerFailure.unknown(`organizer: ${message}.`, { errors: [{ path: 'organizer', message }] })
}
