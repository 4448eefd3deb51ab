import type { TopicName } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markUnfinished } from '../unfinished.ts'
import { LEDGER_ROW_SECONDS, ledgerKey } from './ledger.ts'

type Resume = { readonly topicName: TopicName; readonly body: string }

/** Plans a ledger that is no chunk (a notice) once; `resume` is what the sweep publishes while it is unfinished. */
export async function planLedger(ctx: Ctx, ledgerId: string, resume: Resume): Promise<void> {
  try {
    await ctx.table.write(planLedgerOperation(ctx, ledgerId, resume))
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}

/** The put that plans it, to go with what promises the mail; kept so long, and looked after until then. */
export function planLedgerOperation(
  ctx: Ctx,
  ledgerId: string,
  resume: Resume,
  keptSeconds = LEDGER_ROW_SECONDS,
): WriteOperation {
  const now = ctx.clock.now()
  return {
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
      expiresAt: Math.floor(now / 1000) + keptSeconds,
      ...markUnfinished(ctx, { rowName: ledgerId, dueAt: now + 60_000, ...resume }),
    },
    when: { row: 'absent' },
  }
}
