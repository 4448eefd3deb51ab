import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { ORGANIZERS, Organizer } from './organizer.ts'

/** Organizers of the domain by address; with a state a page may be short, or empty, and yet have a `next`. */
export async function listOrganizers(
  ctx: Ctx,
  query: {
    readonly limit: number
    readonly after?: string | undefined
    readonly prefix?: string | undefined
    readonly state?: 'active' | 'suspended' | undefined
  },
): Promise<{ readonly organizers: readonly Organizer[]; readonly next?: string }> {
  const prefix = normalizeAddress(query.prefix ?? '')
  const page = await ctx.table.query({
    index: 'gsi2',
    pk: ORGANIZERS,
    limit: query.limit,
    ...(prefix === '' ? {} : { sk: { beginsWith: prefix } }),
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const organizers = page.items
    .map((item) => Organizer.parse(item))
    .filter(({ state = 'active' }) => query.state === undefined || state === query.state)
  return { organizers, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}
