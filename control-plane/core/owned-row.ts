import * as z from 'zod'
import type { TableItem, TableKey } from '#shared/platform/table.ts'
import type { Ctx } from './context.ts'

const Owner = z.object({ licenseeId: z.string() })

/**
 * The row of a licensee's thing: under a licensee's scope his alone is looked for; who may see all finds whose it is by the owner
 * pointer. Undefined is all that anyone learns of what is not his.
 */
export async function getOwnedRow(
  ctx: Ctx,
  keys: { readonly owner: TableKey; readonly of: (licenseeId: string) => TableKey },
): Promise<TableItem | undefined> {
  if (ctx.scope.kind === 'licensee') return ctx.table.get(keys.of(ctx.scope.licenseeId))
  const owner = await ctx.table.get(keys.owner)
  return owner === undefined ? undefined : ctx.table.get(keys.of(Owner.parse(owner).licenseeId))
}
