import type { WriteOperation } from '#shared/platform/table.ts'
import { type AuditEntry, auditOperation } from './audit/audit.ts'
import type { Ctx } from './context.ts'
import { type Notice, outboxOperations, sendPromised } from './outbox.ts'

/**
 * Writes a change: its rows, who did it and why, and what it promises to others, all or nothing; then sends the promises. Throws
 * `table.condition_failed` when a row was not as the change expected, and `table.conflict` when another change held it: nothing is written then.
 */
export async function commit(
  ctx: Ctx,
  change: {
    readonly operations: readonly WriteOperation[]
    readonly audit: AuditEntry | readonly AuditEntry[]
    readonly notices?: readonly Notice[]
  },
): Promise<void> {
  const { operations, promised } = outboxOperations(ctx, change.notices ?? [])
  const entries = 'action' in change.audit ? [change.audit] : change.audit
  await ctx.table.transact([...change.operations, ...entries.map((entry) => auditOperation(ctx, entry)), ...operations])
  await sendPromised(ctx, promised)
}
