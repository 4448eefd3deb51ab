import * as z from 'zod'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { type Invitation, invitationIdOf } from '../invitation/invitation.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'

const DELEGATED = 'dlg#'

/** Who sends whom: of a delegate who may have an invitation of his own, by the id that it has or would have. */
const Delegation = z.object({ delegateId: z.string(), from: z.string() })

function delegationKey(ctx: Ctx, { eventId, invitationId }: Invitation, delegate: string): TableKey {
  const delegateId = invitationIdOf(ctx, eventId, normalizeAddress(delegate))
  return { pk: `event#${eventId}`, sk: `${DELEGATED}${delegateId}#${invitationId}` }
}

/** The rows by which delegates are found, brought to what the attendee says now; written with his invitation. */
export function delegationMoves(ctx: Ctx, before: Invitation, after: Invitation): readonly WriteOperation[] {
  const keysOf = (invitation: Invitation) =>
    new Map(
      (invitation.delegatedTo ?? []).map((delegate) => {
        const key = delegationKey(ctx, invitation, delegate)
        return [key.sk, key] as const
      }),
    )
  const [was, is] = [keysOf(before), keysOf(after)]
  return [
    ...[...was].filter(([sk]) => !is.has(sk)).map(([, key]): WriteOperation => ({ kind: 'delete', key })),
    ...[...is]
      .filter(([sk]) => !was.has(sk))
      .map(([, key]): WriteOperation => {
        const delegateId = key.sk.slice(DELEGATED.length, key.sk.lastIndexOf('#'))
        return { kind: 'put', item: { ...key, delegateId, from: after.address } }
      }),
  ]
}

/** Who sends each of these attendees, by invitation id. The ids are in their order: the rows of a page lie together. */
export async function delegatorsOf(
  ctx: Ctx,
  { eventId, invitations }: { readonly eventId: string; readonly invitations: readonly Invitation[] },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  const [first, last] = [invitations.at(0), invitations.at(-1)]
  if (first === undefined || last === undefined) return found
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      pk: `event#${eventId}`,
      sk: { between: [`${DELEGATED}${first.invitationId}`, `${DELEGATED}${last.invitationId}#~`] },
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const item of page.items) {
      const { delegateId, from } = Delegation.parse(item)
      found.set(delegateId, [...(found.get(delegateId) ?? []), from])
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}
