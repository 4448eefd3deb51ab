import type { Ctx } from '#tenant-stack/core/context.ts'
import { UNFINISHED_SHARDS } from '#tenant-stack/core/unfinished.ts'
import { pipelineNames, queueNameOf } from '#tenant-stack/manifest.ts'
import { inboundLagSeconds } from './sweep-inbound.ts'

/**
 * Looks at every queue, its dead letters, and the oldest promised work that is overdue, and says it in one line. On AWS the line is
 * what the alarms are made of (`queues.watched`, metric filters of the template), so that no tenant pays an alarm per queue.
 */
export async function sweepQueues(ctx: Ctx): Promise<void> {
  let waiting = 0
  let deadLetters = 0
  for (const name of pipelineNames()) {
    const queueName = queueNameOf(name)
    const { visible, inFlight, delayed } = await ctx.queueDepths.depth(queueName)
    const dead = (await ctx.queueDepths.depth(`${queueName}-dlq`)).visible
    waiting += visible + inFlight + delayed
    deadLetters += dead
    if (dead > 0) ctx.log.error({ at: 'queues.dead_letters', queueName, dead, visible })
  }
  const oldestOverdueSeconds = Math.max(await oldestOverdue(ctx), await inboundLagSeconds(ctx))
  ctx.log.info({ at: 'queues.watched', waiting, deadLetters, oldestOverdueSeconds })
}

/** Seconds since the longest overdue promise was due; 0 when nothing is overdue. */
async function oldestOverdue(ctx: Ctx): Promise<number> {
  let oldest = ctx.clock.now()
  for (let shard = 0; shard < UNFINISHED_SHARDS; shard += 1) {
    oldest = Math.min(oldest, await firstDueAt(ctx, `unfinished#${shard}`))
  }
  return Math.round((ctx.clock.now() - oldest) / 1000)
}

/** Expired rows that are not removed yet count towards a page's limit: the first that lives may be pages away. */
async function firstDueAt(ctx: Ctx, pk: string): Promise<number> {
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({ index: 'gsi2', pk, limit: 20, ...(cursor === undefined ? {} : { cursor }) })
    const first = page.items[0]
    if (first !== undefined) return Number(first.gsi2sk)
    cursor = page.cursor
  } while (cursor !== undefined)
  return Number.POSITIVE_INFINITY
}
