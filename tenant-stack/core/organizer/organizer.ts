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
})
export type Organizer = z.infer<typeof Organizer>

export const OrganizerFailure = defineFailures('organizer', {
  /** A request acts in the name of somebody who is no organizer here. */
  unknown: { status: 422, retry: false },
  not_found: { status: 404, retry: false },
})

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
  if (found === undefined) throw OrganizerFailure.not_found('There is no such organizer.')
  return found
}

/** What an event's creation or update tells about its organizer; absent fields keep what is stored. */
export function rememberOrganizerOperation(organizer: Omit<Organizer, 'confirmedDomains'>): WriteOperation {
  return {
    kind: 'update',
    key: organizerKey(organizer.address),
    set: {
      address: organizer.address,
      ...(organizer.name === undefined ? {} : { name: clip(organizer.name, 200) }),
      ...(organizer.zone === undefined ? {} : { zone: organizer.zone }),
    },
  }
}
