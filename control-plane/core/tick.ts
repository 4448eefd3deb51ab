import { isQueueName } from '../manifest.ts'
import type { Ctx } from './context.ts'
import { DUE_SHARDS, duePartition } from './due.ts'
import { relayOutbox } from './outbox.ts'
import { sortableTime } from './sortable-time.ts'

const ROWS_A_PAGE = 200

/** Once a minute: tells the queues of rows whose time has come, and sends what the outbox still holds. */
export async function tick(ctx: Ctx): Promise<{ readonly due: number; readonly relayed: number }> {
  const relayed = await relayOutbox(ctx)
  const shards = await Promise.all(Array.from({ length: DUE_SHARDS }, (_, shard) => tellDue(ctx, shard)))
  return { due: shards.reduce((sum, count) => sum + count, 0), relayed }
}

async function tellDue(ctx: Ctx, shard: number): Promise<number> {
  const now = sortableTime(ctx.clock.now())
  let told = 0
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      index: 'gsi1',
      pk: duePartition(shard),
      sk: { between: ['0', now] },
      limit: ROWS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { pk, dueQueue, dueBody } of page.items) {
      // A malformed row must not keep the others from being told.
      if (!isQueueName(dueQueue) || typeof dueBody !== 'string') {
        ctx.log.error({ at: 'tick.malformed', pk })
        continue
      }
      await ctx.queues.send(dueQueue, dueBody)
      told += 1
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return told
}
