import type { Ctx } from '#tenant-stack/core/context.ts'
import { type RecipientList, type RefusedRow, refusedRowKey } from '#tenant-stack/core/recipient-list/recipient-list.ts'

/** Written before the row moves on: again they are the same rows. */
export async function keepRefused(ctx: Ctx, list: RecipientList, refused: readonly RefusedRow[]): Promise<void> {
  if (refused.length > 0) await ctx.table.putMany(refused.map((row) => ({ ...refusedRowKey(list, row.row), ...row })))
}

export function counted(
  before: RecipientList['refused'],
  refused: readonly RefusedRow[],
): Readonly<Record<string, number>> {
  const after = { ...before }
  for (const { reason } of refused) after[reason] = (after[reason] ?? 0) + 1
  return after
}
