import type { Ctx } from '../context.ts'
import { findOrganizer, type Organizer, OrganizerFailure } from './organizer.ts'

/** Why somebody may not organize here; also the reason in the inbound ledger and the words of the failed mail. */
const REASONS = ['organizer_suspended', 'organizer_not_registered', 'organizer_not_allowed'] as const
export type NotOrganizer = (typeof REASONS)[number]

/** Whether a change was refused because of who asked for it. */
export function isNotOrganizer(reason: string): reason is NotOrganizer {
  return REASONS.some((one) => one === reason)
}

type Settings = Pick<Ctx['settings'], 'organizers'>

/**
 * Whether an address may create, change and send; undefined: it may. Whoever is registered may under each rule until he is suspended. Cancels
 * are not asked about: they go out for events that exist.
 */
export function whyNotOrganizer(
  { organizers }: Settings,
  address: string,
  organizer: Organizer | undefined,
): NotOrganizer | undefined {
  if (organizer?.state === 'suspended') return 'organizer_suspended'
  if (organizers.rule === 'anyone' || organizer?.registeredAt !== undefined) return undefined
  if (organizers.rule === 'registered') return 'organizer_not_registered'
  const domainName = address.slice(address.lastIndexOf('@') + 1)
  return organizers.allowedSenders.some((sender) => sender === address || sender === domainName)
    ? undefined
    : 'organizer_not_allowed'
}

/** As `whyNotOrganizer`, of what is stored now; the address is normalized. */
export async function whyNotStored(ctx: Ctx, address: string): Promise<NotOrganizer | undefined> {
  return whyNotOrganizer(ctx.settings, address, await findOrganizer(ctx, address))
}

/** Throws `organizer.suspended` and `organizer.not_allowed`. */
export function refuseNotOrganizer(reason: NotOrganizer | undefined): void {
  if (reason === 'organizer_suspended')
    throw OrganizerFailure.suspended('This organizer is suspended: only cancels go out in his name.')
  if (reason !== undefined)
    throw OrganizerFailure.not_allowed('This address may not organize here: register it, or allow it by the settings.')
}
