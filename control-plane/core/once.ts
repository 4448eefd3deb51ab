import * as z from 'zod'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from './context.ts'

/** As long as an Idempotency-Key names its first answer. */
const ONCE_SECONDS = 24 * 3600

const Once = z.object({ madeId: z.string() })

/** What a request that died had made already: who asks again with the same key gets that, and makes no second one. */
export async function madeBefore(ctx: Ctx, onceKey: string): Promise<string | undefined> {
  const row = await ctx.table.get(onceRow(onceKey))
  return row === undefined ? undefined : Once.parse(row).madeId
}

/** Goes into the transaction that makes it. */
export function makesOnce(ctx: Ctx, onceKey: string, madeId: string): WriteOperation {
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + ONCE_SECONDS
  return { kind: 'put', item: { ...onceRow(onceKey), madeId, expiresAt }, when: { row: 'absent' } }
}

function onceRow(onceKey: string): TableKey {
  return { pk: `once#${onceKey}`, sk: 'once' }
}
