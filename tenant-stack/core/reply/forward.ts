import * as z from 'zod'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { pairHashOf, type ReplyAddress } from '../reply-address/reply-address.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'

/** Letters of one attendee to one organizer that are forwarded on one UTC day. */
export const FORWARDS_PER_DAY_MAX = 5

/** As long as the mail itself is kept. */
const ROW_SECONDS = 30 * 86_400
const QUOTA_SECONDS = 3 * 86_400

/** What an attendee wrote by hand, ready to be forwarded: who sends mail never reads received mail. */
export const Forward = z.object({
  organizerAddress: z.string(),
  attendeeAddress: z.string(),
  /** From of his mail, which nobody has proved. */
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  attachmentCount: z.number(),
})
export type Forward = z.infer<typeof Forward>

const NOTICE = 'ntc_forward-'

/** Names the one mail that forwards what came in this mail for this recipient. */
export function forwardNoticeId(
  ctx: Ctx,
  { mailId, recipient }: { readonly mailId: string; readonly recipient: string },
) {
  return `${NOTICE}${mailId}-${ctx.sha256(recipient).slice(0, 8)}`
}

export function isForwardNotice(noticeId: string): boolean {
  return noticeId.startsWith(NOTICE)
}

function forwardKey(noticeId: string) {
  return { pk: `forward#${noticeId}`, sk: 'forward' }
}

export async function findForward(ctx: Ctx, noticeId: string): Promise<Forward | undefined> {
  const row = await ctx.table.get(forwardKey(noticeId))
  return row === undefined ? undefined : Forward.parse(row)
}

/**
 * The writes that keep a letter to be forwarded, plan the mail and count it; undefined when the day's are used up. They hold only while there is room, so that
 * twins together never pass it.
 */
export async function forwardOperations(
  ctx: Ctx,
  input: { readonly noticeId: string; readonly pair: ReplyAddress; readonly forward: Forward },
): Promise<readonly WriteOperation[] | undefined> {
  const now = ctx.clock.now()
  const day = new Date(now).toISOString().slice(0, 10)
  const key = { pk: `fwdday#${pairHashOf(ctx, input.pair)}`, sk: day }
  if (Number((await ctx.table.get(key))?.forwarded ?? 0) >= FORWARDS_PER_DAY_MAX) return undefined
  const expiresIn = (seconds: number) => Math.floor(now / 1000) + seconds
  return [
    {
      kind: 'put',
      item: { ...forwardKey(input.noticeId), ...input.forward, expiresAt: expiresIn(ROW_SECONDS) },
      when: { row: 'absent' },
    },
    planLedgerOperation(ctx, input.noticeId, {
      topicName: 'notice-due',
      body: JSON.stringify({ noticeId: input.noticeId }),
    }),
    {
      kind: 'update',
      key,
      set: { expiresAt: expiresIn(QUOTA_SECONDS) },
      add: { forwarded: 1 },
      when: { anyOf: [{ row: 'absent' }, { attribute: 'forwarded', is: '<', value: FORWARDS_PER_DAY_MAX }] },
    },
  ]
}
