import type { Ctx } from '../context.ts'
import { Invitation, invitationKey } from './invitation.ts'

export async function findInvitation(ctx: Ctx, eventId: string, invitationId: string): Promise<Invitation | undefined> {
  const row = await ctx.table.get(invitationKey(eventId, invitationId))
  return row === undefined ? undefined : Invitation.parse(row)
}

/** At most 100 ids; those that are gone are left out. */
export async function findInvitations(
  ctx: Ctx,
  eventId: string,
  invitationIds: readonly string[],
): Promise<ReadonlyMap<string, Invitation>> {
  const rows = await ctx.table.getMany(invitationIds.map((invitationId) => invitationKey(eventId, invitationId)))
  const found = rows.map((row) => Invitation.parse(row))
  return new Map(found.map((invitation) => [invitation.invitationId, invitation]))
}

/** One page of an event's invitations in id order; never the whole event at once. */
export async function listInvitations(
  ctx: Ctx,
  query: { readonly eventId: string; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly invitations: readonly Invitation[]; readonly cursor?: string }> {
  const page = await ctx.table.query({
    pk: `event#${query.eventId}`,
    sk: { beginsWith: 'inv#' },
    limit: query.limit,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  })
  return {
    invitations: page.items.map((item) => Invitation.parse(item)),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  }
}
