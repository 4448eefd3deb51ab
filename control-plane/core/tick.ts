import { Failure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import { isQueueName } from '../manifest.ts'
import type { Ctx } from './context.ts'
import { DUE_SHARDS, duePartition } from './due.ts'
import { relayOutbox } from './outbox.ts'
import { sortableTime } from './sortable-time.ts'

const ROWS_A_PAGE = 200

/**
 * A row that nobody has moved since it was told is told again after so long, then twice as long each time: soon for what was lost on the
 * way, and rarely for what fails whenever it is handled, so that it does not fill the dead letters.
 */
const TELL_AGAIN_MS = [15_000, 60_000, 360_000] as const
const TELL_AGAIN_MS_MAX = 6 * 3_600_000
/** By now each earlier telling has been tried as often as a queue tries: a person has to look. */
const STUCK_AT = 5

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
    for (const row of page.items) if (await tellOf(ctx, row, now)) told += 1
    cursor = page.cursor
  } while (cursor !== undefined)
  return told
}

/** Told first, moved then: who dies in between tells twice. */
async function tellOf(ctx: Ctx, row: TableItem, now: number): Promise<boolean> {
  const { pk, gsi1sk, dueQueue, dueBody, dueTold } = row
  // A malformed row must not keep the others from being told, nor be said at each look.
  if (!isQueueName(dueQueue) || typeof dueBody !== 'string') {
    ctx.log.error({ at: 'tick.malformed', pk })
    await moveMark(ctx, row, { gsi1sk: sortableTime(now + TELL_AGAIN_MS_MAX) })
    return false
  }
  const dueAt = Math.max(now, Number(gsi1sk))
  await ctx.queues.send(dueQueue, dueBody, { delaySeconds: Math.ceil((dueAt - now) / 1000) })
  const times = (typeof dueTold === 'number' ? dueTold : 0) + 1
  if (times >= STUCK_AT) ctx.log.error({ at: 'tick.stuck', pk, queueName: dueQueue, times })
  await moveMark(ctx, row, { gsi1sk: sortableTime(dueAt + tellAgainAfter(times)), dueTold: times })
  return true
}

function tellAgainAfter(times: number): number {
  const [first, second, third] = TELL_AGAIN_MS
  if (times === 1) return first
  return times === 2 ? second : Math.min(third * 2 ** (times - 3), TELL_AGAIN_MS_MAX)
}

/** Only a mark that is still as it was read: whoever handled the row meanwhile has moved or removed it himself. */
async function moveMark(
  ctx: Ctx,
  { pk, sk, gsi1sk = '', dueBody }: TableItem,
  set: { readonly gsi1sk: string; readonly dueTold?: number },
): Promise<void> {
  const isAsRead = { attribute: 'gsi1sk', is: '=', value: gsi1sk } as const
  const when =
    typeof dueBody === 'string'
      ? { allOf: [isAsRead, { attribute: 'dueBody', is: '=', value: dueBody } as const] }
      : isAsRead
  try {
    await ctx.table.write({ kind: 'update', key: { pk, sk }, set, when })
  } catch (error) {
    // Another holds the row, or the table is not to be had just now: it is told once more, and the others must be told.
    if (!(error instanceof Failure) || !error.code.startsWith('table.')) throw error
  }
}
