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

/** Who asked is forgotten after a day, and by then nobody waits for the mail. */
const ROW_SECONDS = 86_400
/** A link that comes later than this nobody looks for any more. */
const STALE_SECONDS = 3600

const NOTICE = /^ntc_signin-(ntc_[0-9a-z]{26})$/
const SignInAsk = z.object({ address: z.string(), askedAt: z.number() })
export type SignInAsk = z.infer<typeof SignInAsk>

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
export async function findSignInAsk(ctx: Ctx, askId: string): Promise<SignInAsk | undefined> {
  const row = await ctx.table.get(askKey(askId))
  return row === undefined ? undefined : SignInAsk.parse(row)
}

/**
 * Has a link mailed to an address (normalized), if it is one that may sign in: what is done here is the same for every address, so that neither the answer nor
 * its time tells which are known. Throws `rate.too_many` when one network address asks too often.
 */
export async function askSignIn(
  ctx: Ctx,
  { address, caller }: { readonly address: string; readonly caller: string },
): Promise<void> {
  await limitRate(ctx, ASK_BY_CALLER, caller)
  const askId = ctx.ids.newId('ntc')
  const noticeId = signInNoticeId(askId)
  const askedAt = ctx.clock.now()
  const expiresAt = Math.ceil(askedAt / 1000) + ROW_SECONDS
  const resume = { topicName: 'notice-due', body: JSON.stringify({ noticeId }) } as const
  await ctx.table.transact([
    { kind: 'put', item: { ...askKey(askId), address, askedAt, expiresAt }, when: { row: 'absent' } },
    planLedgerOperation(ctx, noticeId, resume, ROW_SECONDS),
  ])
  await publish(ctx, 'notice-due', { noticeId })
}

/** Whether an ask is to be mailed now: it may sign in, it is young, and not one of too many; asked again for the same ask it says the same. */
export async function mayMailSignIn(ctx: Ctx, askId: string, { address, askedAt }: SignInAsk): Promise<boolean> {
  if (ctx.clock.now() > askedAt + STALE_SECONDS * 1000) return false
  if (whyNotSignedIn(ctx, address, await findOrganizer(ctx, address)) !== undefined) return false
  if ((await ctx.table.get(askKey(askId)))?.isCounted === true) return true
  try {
    await limitRate(ctx, ASK_BY_ADDRESS, address)
  } catch (error) {
    if (isFailure(error, 'rate.too_many')) return false
    throw error
  }
  await ctx.table.write({ kind: 'update', key: askKey(askId), set: { isCounted: true }, when: { row: 'present' } })
  return true
}
