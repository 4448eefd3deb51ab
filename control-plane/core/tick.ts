import { isQueueName } from '../manifest.ts'
import type { Ctx } from './context.ts'
import { DUE_SHARDS, duePartition } from './due.ts'
import { relayOutbox } from './outbox.ts'
import { sortableTime } from './sortable-time.ts'

const ROWS_A_PAGE = 200

/**
 * Tells the queues of rows whose time has come, and sends what the outbox still holds. With `aheadSeconds` (0 to 900, SQS's longest delay)
 * also of those whose time comes until then, each delayed to its time: so a look that runs each minute keeps times of seconds. Whoever is
 * told too early or twice finds nothing to do.
 */
export async function tick(
  ctx: Ctx,
  { aheadSeconds = 0 }: { readonly aheadSeconds?: number } = {},
): Promise<{ readonly due: number; readonly relayed: number }> {
  const relayed = await relayOutbox(ctx)
  const shards = await Promise.all(Array.from({ length: DUE_SHARDS }, (_, shard) => tellDue(ctx, shard, aheadSeconds)))
  return { due: shards.reduce((sum, count) => sum + count, 0), relayed }
}

async function tellDue(ctx: Ctx, shard: number, aheadSeconds: number): Promise<number> {
  const now = ctx.clock.now()
  let told = 0
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      index: 'gsi1',
      pk: duePartition(shard),
      sk: { between: ['0', sortableTime(now + aheadSeconds * 1000)] },
      limit: ROWS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { pk, gsi1sk, dueQueue, dueBody } of page.items) {
      // A malformed row must not keep the others from being told.
      if (!isQueueName(dueQueue) || typeof dueBody !== 'string') {
        ctx.log.error({ at: 'tick.malformed', pk })
        continue
      }
      const delaySeconds = Math.max(0, Math.ceil((Number(gsi1sk) - now) / 1000))
      await ctx.queues.send(dueQueue, dueBody, { delaySeconds })
      told += 1
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return told
}
