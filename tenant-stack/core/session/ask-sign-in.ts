import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { limitRate, type RateLimit } from '#shared/rates/limit-rate.ts'
import { whyNotSignedIn } from '../access/principal.ts'
import type { Ctx } from '../context.ts'
import { findOrganizer } from '../organizer/organizer.ts'
import { publish } from '../publish.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'

/** Mails to one address: what a person in a hurry asks for, far below what fills a mailbox. */
const ASK_BY_ADDRESS: RateLimit = { name: 'sign-in-address', max: 5, windowSeconds: 900 }
/** From one network address: an office behind one router may all come at nine. */
const ASK_BY_CALLER: RateLimit = { name: 'sign-in-caller', max: 50, windowSeconds: 900 }

/** Who asked is forgotten after a day. */
const ROW_SECONDS = 86_400

const NOTICE = /^ntc_signin-(ntc_[0-9a-z]{26})$/
const SignInAsk = z.object({ address: z.string() })

/** The ask that a notice is about; undefined for any other notice. */
export function noticedSignIn(noticeId: string): string | undefined {
  return NOTICE.exec(noticeId)?.[1]
}

export function signInNoticeId(askId: string): string {
  return `ntc_signin-${askId}`
}

function askKey(askId: string) {
  return { pk: `signinask#${askId}`, sk: 'ask' }
}

/** Whom an ask is to be mailed to; undefined: it is forgotten. */
export async function findSignInAsk(ctx: Ctx, askId: string): Promise<{ readonly address: string } | undefined> {
  const row = await ctx.table.get(askKey(askId))
  return row === undefined ? undefined : SignInAsk.parse(row)
}

/**
 * Has a link mailed to an address (normalized) that may sign in; to any other nothing is, and the caller is not told which. The link is minted when the mail
 * is written, so that no row holds it. Throws `rate.too_many` when one network address asks too often; too many for one address are dropped.
 */
export async function askSignIn(
  ctx: Ctx,
  { address, caller }: { readonly address: string; readonly caller: string },
): Promise<void> {
  await limitRate(ctx, ASK_BY_CALLER, caller)
  if (whyNotSignedIn(ctx, address, await findOrganizer(ctx, address)) !== undefined) return
  try {
    await limitRate(ctx, ASK_BY_ADDRESS, address)
  } catch (error) {
    // Told, it would say that the address is known.
    if (isFailure(error, 'rate.too_many')) return
    throw error
  }
  const askId = ctx.ids.newId('ntc')
  const noticeId = signInNoticeId(askId)
  const expiresAt = Math.ceil(ctx.clock.now() / 1000) + ROW_SECONDS
  await ctx.table.transact([
    { kind: 'put', item: { ...askKey(askId), address, expiresAt }, when: { row: 'absent' } },
    planLedgerOperation(ctx, noticeId, { topicName: 'notice-due', body: JSON.stringify({ noticeId }) }),
  ])
  await publish(ctx, 'notice-due', { noticeId })
}
