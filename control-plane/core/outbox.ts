import type { WriteOperation } from '#shared/platform/table.ts'
import { isQueueName, type NoticeBody, type QueueName } from '../manifest.ts'
import type { Ctx } from './context.ts'
import { sortableTime } from './sortable-time.ts'

/** What a change promises to others; it leaves only if the change is written, and then surely, at least once. */
export type Notice = { [Q in QueueName]: { readonly queueName: Q; readonly body: NoticeBody<Q> } }[QueueName]

type Promised = { readonly key: { readonly pk: string; readonly sk: string }; readonly notice: Notice }

export const OUTBOX_SHARDS = 4
/** A row this young is being sent by whoever wrote it. */
const YOUNG_MS = 5000
const ROWS_A_PAGE = 100

/** The rows that go into the change's own transaction. */
export function outboxOperations(
  ctx: Ctx,
  notices: readonly Notice[],
): { readonly operations: readonly WriteOperation[]; readonly promised: readonly Promised[] } {
  const promised = notices.map((notice) => {
    const noticeId = ctx.ids.newId('ntc')
    const shard = Number.parseInt(ctx.sha256(noticeId).slice(0, 2), 16) % OUTBOX_SHARDS
    return { key: { pk: `outbox#${shard}`, sk: `${sortableTime(ctx.clock.now())}#${noticeId}` }, notice }
  })
  const operations = promised.map(({ key, notice }): WriteOperation => {
    const { queueName, body } = notice
    return { kind: 'put', item: { ...key, queueName, body: JSON.stringify(body) } }
  })
  return { operations, promised }
}

/** Sends what a change has just promised. A failure is only told: the relay sends what is left. */
export async function sendPromised(ctx: Ctx, promised: readonly Promised[]): Promise<void> {
  for (const { key, notice } of promised) {
    try {
      await ctx.queues.send(notice.queueName, JSON.stringify(notice.body))
      await ctx.table.write({ kind: 'delete', key })
    } catch (error) {
      ctx.log.warn({
        at: 'outbox.left',
        queueName: notice.queueName,
        name: error instanceof Error ? error.name : 'unknown',
      })
    }
  }
}

/** Sends what somebody promised and did not send; answers how many left. */
export async function relayOutbox(ctx: Ctx): Promise<number> {
  const until = `${sortableTime(ctx.clock.now() - YOUNG_MS)}$`
  let sent = 0
  for (let shard = 0; shard < OUTBOX_SHARDS; shard += 1) {
    let cursor: string | undefined
    do {
      const page = await ctx.table.query({
        pk: `outbox#${shard}`,
        sk: { between: ['0', until] },
        limit: ROWS_A_PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const { pk, sk, queueName, body } of page.items) {
        // A malformed row must not keep the others from being sent.
        if (!isQueueName(queueName) || typeof body !== 'string') {
          ctx.log.error({ at: 'outbox.malformed', pk, sk })
          continue
        }
        await ctx.queues.send(queueName, body)
        await ctx.table.write({ kind: 'delete', key: { pk, sk } })
        sent += 1
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
  return sent
}
