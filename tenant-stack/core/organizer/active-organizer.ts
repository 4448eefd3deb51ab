import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { refuseNotOrganizer, whyNotOrganizer } from './may-organize.ts'
import { findOrganizer, type Organizer, OrganizerFailure } from './organizer.ts'

/** The organizer in whose name a request acts. Throws `organizer.unknown`, `organizer.suspended`, `organizer.not_allowed`. */
export async function activeOrganizer(ctx: Ctx, email: string): Promise<Organizer> {
  const organizer = await findOrganizer(ctx, normalizeAddress(email))
  if (organizer === undefined) throw refused('is not an organizer of this domain; add him first')
  refuseNotOrganizer(whyNotOrganizer(ctx.settings, organizer.address, organizer))
  return organizer
}

function refused(message: string) {
  return OrganizerFailure.unknown(`organizer: ${message}.`, { errors: [{ path: 'organizer', message }] })
}
