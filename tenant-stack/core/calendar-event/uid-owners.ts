import * as z from 'zod'
import type { StoredSeries } from '#shared/itip/decisions.ts'
import type { Condition, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** Which event (or only a tombstone) a client's UID stands for with one organizer. */
export const UidOwner = z.object({
  organizerAddress: z.string(),
  clientUid: z.string(),
  eventId: z.string().optional(),
  /** Where the StoredSeries lies that a cancel without an event left: it may call off more dates than a row holds. */
  tombstoneBlobKey: z.string().optional(),
})
export type UidOwner = z.infer<typeof UidOwner>

type Pair = Pick<UidOwner, 'clientUid' | 'organizerAddress'>

/** UIDs are opaque and may be longer than a key, so both halves are hashed. */
function ownerKey(ctx: Ctx, { clientUid, organizerAddress }: Pair) {
  return { pk: `uid#${ctx.sha256(clientUid)}`, sk: `owner#${ctx.sha256(organizerAddress)}` }
}

/** What a UID stands for with one organizer. */
export async function findUidOwner(ctx: Ctx, pair: Pair): Promise<UidOwner | undefined> {
  const row = await ctx.table.get(ownerKey(ctx, pair))
  return row === undefined ? undefined : UidOwner.parse(row)
}

/** Somebody who has an event by this UID here; the UID of one meeting may reach us from many people. */
export async function findUidOwnerWithEvent(ctx: Ctx, clientUid: string): Promise<UidOwner | undefined> {
  const pk = `uid#${ctx.sha256(clientUid)}`
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({ pk, limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    const found = page.items.map((item) => UidOwner.parse(item)).find((owner) => owner.eventId !== undefined)
    if (found !== undefined) return found
    cursor = page.cursor
  } while (cursor !== undefined)
  return undefined
}

/** Binds the pair to an event; holds only while the pair stands for what was decided on. */
export function bindUidOperation(
  ctx: Ctx,
  owner: Pair & { readonly eventId: string },
  before: UidOwner | undefined,
): WriteOperation {
  return { kind: 'put', item: { ...ownerKey(ctx, owner), ...owner }, when: stillAsRead(before) }
}

/** Stores what a cancel without an event leaves, under its own hash, and tells where. */
export async function putTombstone(ctx: Ctx, tombstone: StoredSeries): Promise<string> {
  const json = JSON.stringify(tombstone)
  const tombstoneBlobKey = `tombstones/${ctx.sha256(json)}.json`
  await ctx.blobs.put(tombstoneBlobKey, new TextEncoder().encode(json))
  return tombstoneBlobKey
}

export async function getTombstone(ctx: Ctx, tombstoneBlobKey: string): Promise<StoredSeries> {
  const tombstone: StoredSeries = JSON.parse(new TextDecoder().decode(await ctx.blobs.get(tombstoneBlobKey)))
  return tombstone
}

/** A cancel that came before its request: an older request that arrives later is stale. */
export function tombstoneOperation(
  ctx: Ctx,
  owner: Pair & { readonly tombstoneBlobKey: string },
  before: UidOwner | undefined,
): WriteOperation {
  return { kind: 'put', item: { ...ownerKey(ctx, owner), ...owner }, when: stillAsRead(before) }
}

/** A request and its cancel may be decided at the same time: the second to be written must see the first. */
function stillAsRead(before: UidOwner | undefined): Condition {
  const names = ['eventId', 'tombstoneBlobKey'] as const
  return {
    allOf: names.map((attribute) => {
      const value = before?.[attribute]
      return value === undefined ? { attribute, is: 'absent' } : { attribute, is: '=', value }
    }),
  }
}
