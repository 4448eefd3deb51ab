import type { Ctx } from '#tenant-stack/core/context.ts'
import { UNFINISHED_SHARDS } from '#tenant-stack/core/unfinished.ts'
import { pipelineNames, queueNameOf } from '#tenant-stack/manifest.ts'
import { inboundLagSeconds } from './sweep-inbound.ts'

/**
 * Looks at every queue, its dead letters, and the oldest promised work that is overdue, and says it in one line. On AWS the line is
 * what the alarms are made of (`queues.watched`, metric filters of the template), so that no tenant pays an alarm per queue.
 */
export async function sweepQueues(ctx: Ctx): Promise<void> {
  const { queues, waiting, deadLetters, oldestOverdueSeconds } = await readQueues(ctx)
  for (const { queueName, dead, visible } of queues)
    if (dead > 0) ctx.log.error({ at: 'queues.dead_letters', queueName, dead, visible })
  ctx.log.metric({ at: 'queues.watched', waiting, deadLetters, oldestOverdueSeconds })
}

/** How much waits, is dead, and is overdue, now. */
export async function readQueues(ctx: Ctx) {
  const [queues, oldestOverdueSeconds] = await Promise.all([
    Promise.all(pipelineNames().map((name) => depthsOf(ctx, queueNameOf(name)))),
    oldestOverdue(ctx),
  ])
  const waiting = queues.reduce((sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed, 0)
  const deadLetters = queues.reduce((sum, { dead }) => sum + dead, 0)
  return { queues, waiting, deadLetters, oldestOverdueSeconds }
}

async function depthsOf({ queueDepths }: Ctx, queueName: string) {
  const [depth, dead] = await Promise.all([queueDepths.depth(queueName), queueDepths.depth(`${queueName}-dlq`)])
  return { queueName, ...depth, dead: dead.visible }
}

/** Seconds since the longest overdue work, or mail that nobody routed, was due; 0 when nothing is overdue. */
async function oldestOverdue(ctx: Ctx): Promise<number> {
  const shards = Array.from({ length: UNFINISHED_SHARDS }, (_, shard) => `unfinished#${shard}`)
  const [inboundLag, ...dueAt] = await Promise.all([inboundLagSeconds(ctx), ...shards.map((pk) => firstDueAt(ctx, pk))])
  const now = ctx.clock.now()
  return Math.max(Math.round((now - Math.min(now, ...dueAt)) / 1000), inboundLag)
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
