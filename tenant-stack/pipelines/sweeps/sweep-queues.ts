import type { Ctx } from '#tenant-stack/core/context.ts'
import { UNFINISHED_SHARDS } from '#tenant-stack/core/unfinished.ts'
import { pipelineNames, queueNameOf } from '#tenant-stack/manifest.ts'

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
  const oldestOverdueSeconds = await oldestOverdue(ctx)
  ctx.log.info({ at: 'queues.watched', waiting, deadLetters, oldestOverdueSeconds })
}

/** Seconds since the longest overdue promise was due; 0 when nothing is overdue. */
async function oldestOverdue(ctx: Ctx): Promise<number> {
  let oldest = ctx.clock.now()
  for (let shard = 0; shard < UNFINISHED_SHARDS; shard += 1) {
    const { items } = await ctx.table.query({ index: 'gsi2', pk: `unfinished#${shard}`, limit: 1 })
    const dueAt = Number(items[0]?.gsi2sk ?? Number.POSITIVE_INFINITY)
    oldest = Math.min(oldest, dueAt)
  }
  return Math.round((ctx.clock.now() - oldest) / 1000)
}
