import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from './context.ts'

/** Counters and the event's row are shared by everybody who writes about an event. */
const TRIES = 8

/** A transaction that may meet another on a shared row: then nothing was written, and it is written again (DynamoDB, "conflict"). */
export async function transactThrough(ctx: Ctx, operations: readonly WriteOperation[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.table.transact(operations)
    } catch (error) {
      if (!isFailure(error, 'table.conflict') || attempt >= TRIES) throw error
    }
  }
}
