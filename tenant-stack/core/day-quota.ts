import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from './context.ts'

/** The day's row is of use until its day is over everywhere. */
const ROW_SECONDS = 3 * 86_400

/**
 * The write that counts one more of what may be done `max` times a UTC day; undefined when the day's are used up. It holds only while there is
 * room, so that twins together never pass it.
 */
export async function dayQuota(
  ctx: Ctx,
  { name, max }: { readonly name: string; readonly max: number },
): Promise<WriteOperation | undefined> {
  const now = ctx.clock.now()
  const key: TableKey = { pk: `day#${name}`, sk: new Date(now).toISOString().slice(0, 10) }
  if (Number((await ctx.table.get(key))?.used ?? 0) >= max) return undefined
  return {
    kind: 'update',
    key,
    set: { expiresAt: Math.floor(now / 1000) + ROW_SECONDS },
    add: { used: 1 },
    when: { anyOf: [{ row: 'absent' }, { attribute: 'used', is: '<', value: max }] },
  }
}
