import * as z from 'zod'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'

/** As long as the mail itself is kept. */
const ROW_SECONDS = 30 * 86_400

/** What who wrote to `reports@` is told in words: that nothing of his fits, or what else does. Who sends mail never reads received mail. */
export const ReportAnswer = z.object({
  to: z.string(),
  /** Subject of his mail. */
  asked: z.string(),
  mailId: z.string(),
  recipient: z.string(),
  /** Events of his that fit as well; empty: none fits. */
  eventIds: z.array(z.string()),
  /** And so many more. */
  moreCount: z.number(),
})
export type ReportAnswer = z.infer<typeof ReportAnswer>

const NOTICE = 'ntc_reports-'

function answerKey(noticeId: string) {
  return { pk: `reports-answer#${noticeId}`, sk: 'answer' }
}

export function isReportAnswer(noticeId: string): boolean {
  return noticeId.startsWith(NOTICE)
}

export async function findReportAnswer(ctx: Ctx, noticeId: string): Promise<ReportAnswer | undefined> {
  const row = await ctx.table.get(answerKey(noticeId))
  return row === undefined ? undefined : ReportAnswer.parse(row)
}

/** The writes that promise the one answer in words to a mail, to go with its outcome. */
export function planReportAnswer(
  ctx: Ctx,
  answer: ReportAnswer,
): { readonly noticeId: string; readonly operations: readonly WriteOperation[] } {
  const noticeId = `${NOTICE}${answer.mailId}-${ctx.sha256(answer.recipient).slice(0, 8)}`
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + ROW_SECONDS
  const resume = { topicName: 'notice-due', body: JSON.stringify({ noticeId }) } as const
  return {
    noticeId,
    operations: [
      { kind: 'put', item: { ...answerKey(noticeId), ...answer, expiresAt }, when: { row: 'absent' } },
      planLedgerOperation(ctx, noticeId, resume),
    ],
  }
}
