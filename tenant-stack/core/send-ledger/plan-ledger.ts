import type { TopicName } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { markUnfinished } from '../unfinished.ts'
import { LEDGER_ROW_SECONDS, ledgerKey } from './ledger.ts'

/** Plans a ledger that is no chunk (a notice) once; `resume` is what the sweep publishes while it is unfinished. */
export async function planLedger(
  ctx: Ctx,
  ledgerId: string,
  resume: { readonly topicName: TopicName; readonly body: string },
): Promise<void> {
  const now = ctx.clock.now()
  try {
    await ctx.table.write({
      kind: 'put',
      item: {
        ...ledgerKey(ledgerId),
        ledgerId,
        state: 'PLANNED',
        attempt: 0,
        fence: '-',
        holder: '-',
        leaseUntil: 0,
        startedAt: 0,
        expiresAt: Math.floor(now / 1000) + LEDGER_ROW_SECONDS,
        ...markUnfinished(ctx, { rowName: ledgerId, dueAt: now + 60_000, ...resume }),
      },
      when: { row: 'absent' },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
