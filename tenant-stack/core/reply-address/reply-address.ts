import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'

/** The address an attendee answers one organizer at: the same for all events between the two. */
export const ReplyAddress = z.object({ token: z.string(), organizerAddress: z.string(), attendeeAddress: z.string() })
export type ReplyAddress = z.infer<typeof ReplyAddress>

/** `r-<token>@<domain>`. */
export function replyAddressOf(ctx: Ctx, replyAddress: ReplyAddress): string {
  return `r-${replyAddress.token}@${ctx.settings.domainName}`
}

/** The pair a token was minted for, or undefined for a token of nobody. */
export async function findReplyAddress(ctx: Ctx, token: string): Promise<ReplyAddress | undefined> {
  const row = await ctx.table.get({ pk: `reply#${token}`, sk: 'reply' })
  return row === undefined || row.erasedAt !== undefined ? undefined : ReplyAddress.parse(row)
}

/** Whether a token was of somebody who is erased: nothing that comes to it is kept. */
export async function isErasedToken(ctx: Ctx, token: string): Promise<boolean> {
  return (await ctx.table.get({ pk: `reply#${token}`, sk: 'reply' }))?.erasedAt !== undefined
}

/** The hash that a pair's row is kept under. */
export function pairHashOf(
  ctx: Pick<Ctx, 'sha256'>,
  { organizerAddress, attendeeAddress }: Omit<ReplyAddress, 'token'>,
): string {
  return ctx.sha256(`${normalizeAddress(organizerAddress)}\n${normalizeAddress(attendeeAddress)}`)
}

/** The pair of a hash, once an address was minted for it. */
export async function findPair(ctx: Ctx, pairHash: string): Promise<ReplyAddress | undefined> {
  const row = await ctx.table.get({ pk: `replyof#${pairHash}`, sk: 'reply' })
  return row === undefined ? undefined : ReplyAddress.parse(row)
}

/** Finds or mints the pair's address; two workers minting at once end with one. */
export async function ensureReplyAddress(
  ctx: Ctx,
  pair: { readonly organizerAddress: string; readonly attendeeAddress: string },
): Promise<ReplyAddress> {
  const organizerAddress = normalizeAddress(pair.organizerAddress)
  const attendeeAddress = normalizeAddress(pair.attendeeAddress)
  const pairHash = pairHashOf(ctx, pair)
  const stored = await findPair(ctx, pairHash)
  if (stored !== undefined) return stored
  const minted: ReplyAddress = { token: ctx.ids.newToken(), organizerAddress, attendeeAddress }
  try {
    await ctx.table.transact([
      { kind: 'put', item: { pk: `replyof#${pairHash}`, sk: 'reply', ...minted }, when: { row: 'absent' } },
      { kind: 'put', item: { pk: `reply#${minted.token}`, sk: 'reply', ...minted }, when: { row: 'absent' } },
    ])
    return minted
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    const winner = await findPair(ctx, pairHash)
    if (winner === undefined) throw error
    return winner
  }
}
