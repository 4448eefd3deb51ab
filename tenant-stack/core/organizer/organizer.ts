import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { clip } from '../clip.ts'
import type { Ctx } from '../context.ts'

/** A person who creates events here: known by his authenticated address. */
export const Organizer = z.object({
  address: z.string(),
  name: z.string().optional(),
  /** IANA zone of his last zoned event: what his floating times are read in. */
  zone: z.string().optional(),
  /** Signing domains he confirmed for his From address. */
  confirmedDomains: z.array(z.string()).optional(),
  /** Epoch milliseconds; absent: nobody has registered him, he came by mail. */
  registeredAt: z.number().optional(),
  /** Absent: he is active. */
  state: z.literal('suspended').optional(),
  suspendedReason: z.string().optional(),
  /** Epoch milliseconds. */
  suspendedAt: z.number().optional(),
  /** Absent: he sees what is his own; an administrator sees and does all that is the domain's. */
  role: z.literal('admin').optional(),
  /** Epoch milliseconds: sessions and links from before it let nobody in. */
  signedOutAt: z.number().optional(),
  /** His own limits; absent: the domain's. */
  invitesPerEvent: z.number().optional(),
  eventsPerOrganizer: z.number().optional(),
  sendsPerDay: z.number().optional(),
})
export type Organizer = z.infer<typeof Organizer>

export const OrganizerFailure = defineFailures('organizer', {
  /** A request acts in the name of somebody who is no organizer here. */
  unknown: { status: 422, retry: false },
  not_found: { status: 404, retry: false },
  /** He is registered already. */
  exists: { status: 409, retry: false },
  /** His mail would be a loop. */
  own_domain: { status: 422, retry: false },
  /** Nothing but cancels may be done in his name. */
  suspended: { status: 403, retry: false },
  /** It is about an administrator, and who asks may not do all himself. */
  of_admin: { status: 403, retry: false },
  /** The domain's rule of who may organize leaves him out. */
  not_allowed: { status: 403, retry: false },
})

/** Also said of who is none of one's own. */
export const NO_SUCH_ORGANIZER = 'There is no such organizer.'

export function organizerKey(address: string) {
  return { pk: `organizer#${address}`, sk: 'organizer' }
}

/** RFC 5321 §4.5.3.1.3; a longer From is nobody's, and would not fit a key. */
const ADDRESS_CHARS_MAX = 254

export async function findOrganizer(ctx: Ctx, address: string): Promise<Organizer | undefined> {
  if (address.length > ADDRESS_CHARS_MAX || !address.isWellFormed()) return undefined
  const row = await ctx.table.get(organizerKey(address))
  return row === undefined ? undefined : Organizer.parse(row)
}

/** Throws `organizer.not_found`. */
export async function getOrganizer(ctx: Ctx, address: string): Promise<Organizer> {
  const found = await findOrganizer(ctx, address)
  if (found === undefined) throw OrganizerFailure.not_found(NO_SUCH_ORGANIZER)
  return found
}

/** Index partition of all organizers, by address. */
export const ORGANIZERS = 'organizers'

/** Index attributes by which an organizer is listed; who has not been written since there is a list comes in with his next event. */
export function listed(address: string) {
  return { gsi2pk: ORGANIZERS, gsi2sk: address }
}

/**
 * What an event's creation or update tells about its organizer; absent fields keep what is stored. Holds only while he is not suspended, unless
 * it is a cancel: a wrong time in strangers' calendars is worse than his cancel.
 */
export function rememberOrganizerOperation(
  organizer: Pick<Organizer, 'address' | 'name' | 'zone'>,
  { isCancel = false } = {},
): WriteOperation {
  return {
    kind: 'update',
    key: organizerKey(organizer.address),
    set: {
      address: organizer.address,
      ...listed(organizer.address),
      ...(organizer.name === undefined ? {} : { name: clip(organizer.name, 200) }),
      ...(organizer.zone === undefined ? {} : { zone: organizer.zone }),
    },
    ...(isCancel ? {} : { when: { attribute: 'state', is: 'absent' } }),
  }
}
