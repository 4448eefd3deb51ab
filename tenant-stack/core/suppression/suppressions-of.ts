import type { TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { SUPPRESSIONS, Suppression, suppressionIdOf, suppressionKey } from './suppression.ts'

/** Keys of one batch read (DynamoDB BatchGetItem). */
const KEYS_A_READ = 100

/** Which of these addresses are sent nothing in an organizer's name, by normalized address; the domain's word comes before the organizer's. */
export async function suppressionsOf(
  ctx: Ctx,
  input: { readonly organizerAddress: string; readonly addresses: readonly string[] },
): Promise<ReadonlyMap<string, Suppression>> {
  const { organizerAddress } = input
  const addresses = [...new Set(input.addresses.map(normalizeAddress))]
  // By their ids, which hold for whoever is erased and whose address the row no longer tells.
  const addressOf = new Map(
    addresses.flatMap((address) => [
      [suppressionIdOf(ctx, { address }), address] as const,
      [suppressionIdOf(ctx, { address, organizerAddress }), address] as const,
    ]),
  )
  const ids = [...addressOf.keys()]
  const found = new Map<string, Suppression>()
  for (const keys of pagesOf(ids.flatMap((id) => suppressionKey(id) ?? [])))
    for (const row of await ctx.table.getMany(keys)) {
      const suppression = Suppression.parse(row)
      const address = addressOf.get(suppression.suppressionId) ?? suppression.address
      if (suppression.organizerAddress === undefined || !found.has(address)) found.set(address, suppression)
    }
  return found
}

function* pagesOf(keys: readonly TableKey[]): Generator<readonly TableKey[]> {
  for (let at = 0; at < keys.length; at += KEYS_A_READ) yield keys.slice(at, at + KEYS_A_READ)
}

/** All of the domain, newest first. */
export async function listSuppressions(
  ctx: Ctx,
  query: { readonly limit: number; readonly after?: string },
): Promise<{ readonly suppressions: readonly Suppression[]; readonly next?: string }> {
  const page = await ctx.table.query({
    index: 'gsi2',
    pk: SUPPRESSIONS,
    descending: true,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const suppressions = page.items.map((item) => Suppression.parse(item))
  return { suppressions, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}
