import * as z from 'zod'
import type { StoredSeries } from '#shared/itip/decisions.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** Which event (or only a tombstone) a client's UID stands for with one organizer. */
export const UidOwner = z.object({
  organizerAddress: z.string(),
  clientUid: z.string(),
  eventId: z.string().optional(),
  /** JSON of the StoredSeries that a cancel without an event left. */
  tombstoneJson: z.string().optional(),
})
export type UidOwner = z.infer<typeof UidOwner>

function ownerKey(ctx: Ctx, clientUid: string, organizerAddress: string) {
  return { pk: `uid#${ctx.sha256(clientUid)}`, sk: `owner#${ctx.sha256(organizerAddress)}` }
}

/** Everybody who has an event by this UID here; the UID of one meeting may reach us from two people. */
export async function listUidOwners(ctx: Ctx, clientUid: string): Promise<readonly UidOwner[]> {
  const page = await ctx.table.query({ pk: `uid#${ctx.sha256(clientUid)}`, limit: 100 })
  return page.items.map((item) => UidOwner.parse(item))
}

/** Binds the pair to an event: absent before, or pointing to the event that `replaces` names. */
export function bindUidOperation(
  ctx: Ctx,
  owner: { readonly clientUid: string; readonly organizerAddress: string; readonly eventId: string },
  replaces: string | undefined,
): WriteOperation {
  return {
    kind: 'put',
    item: { ...ownerKey(ctx, owner.clientUid, owner.organizerAddress), ...owner },
    when: {
      anyOf: [
        { attribute: 'eventId', is: 'absent' },
        ...(replaces === undefined ? [] : [{ attribute: 'eventId', is: '=', value: replaces } as const]),
      ],
    },
  }
}

/** A cancel that came before its request: an older request that arrives later is stale. */
export function tombstoneOperation(
  ctx: Ctx,
  owner: { readonly clientUid: string; readonly organizerAddress: string },
  tombstone: StoredSeries,
): WriteOperation {
  return {
    kind: 'put',
    item: {
      ...ownerKey(ctx, owner.clientUid, owner.organizerAddress),
      ...owner,
      tombstoneJson: JSON.stringify(tombstone),
    },
    when: { attribute: 'eventId', is: 'absent' },
  }
}
