import type { Ctx } from '../context.ts'
import { findPair, pairHashOf, type ReplyAddress } from './reply-address.ts'

const PAIR_DIGITS = 64
const PROOF_DIGITS = 32
const ID = /^[0-9a-f]{96}$/

/**
 * Names an organizer and an attendee in links to unsubscribe by. It is made of their reply address's token and does not tell it: a link that a
 * scanner or a proxy has logged answers no invite.
 */
export function unsubscribeIdOf(ctx: Pick<Ctx, 'sha256'>, replyAddress: ReplyAddress): string {
  return `${pairHashOf(ctx, replyAddress)}${proofOf(ctx, replyAddress)}`
}

/** Whose link it is; undefined for one that we have not made. */
export async function findByUnsubscribeId(ctx: Ctx, unsubscribeId: string): Promise<ReplyAddress | undefined> {
  if (!ID.test(unsubscribeId)) return undefined
  const found = await findPair(ctx, unsubscribeId.slice(0, PAIR_DIGITS))
  return found !== undefined && unsubscribeIdOf(ctx, found) === unsubscribeId ? found : undefined
}

function proofOf(ctx: Pick<Ctx, 'sha256'>, { token }: ReplyAddress): string {
  return ctx.sha256(`unsubscribe\n${token}`).slice(0, PROOF_DIGITS)
}
