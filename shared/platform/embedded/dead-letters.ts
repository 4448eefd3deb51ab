import type { Clock } from '../small-ports.ts'
import { deadLetterName } from './known-queues.ts'
import { columnNumber, columnText } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'

const LIST = 'SELECT * FROM queue_messages WHERE queue_name = ? AND seq > ? ORDER BY seq LIMIT ?'
const REDRIVE = `UPDATE queue_messages
  SET queue_name = ?, visible_at = ?, receive_count = 0, receipt = NULL, received_at = NULL
  WHERE seq IN (SELECT seq FROM queue_messages WHERE queue_name = ? ORDER BY seq LIMIT ?)`

export type DeadLetter = {
  readonly messageId: string
  readonly body: string
  /** Epoch milliseconds. */
  readonly sentAt: number
  /** The `after` of the next page. */
  readonly position: number
}

/** What the queue's dead-letter queue holds, oldest first, without receiving it. */
export async function listDeadLetters(
  store: SqliteStore,
  queueName: string,
  { limit, after = 0 }: { readonly limit: number; readonly after?: number },
): Promise<readonly DeadLetter[]> {
  const rows = store.read(() => store.prepare(LIST).all(deadLetterName(queueName), after, limit))
  return rows.map((row) => ({
    messageId: columnText(row, 'message_id'),
    body: columnText(row, 'body'),
    sentAt: columnNumber(row, 'sent_at'),
    position: columnNumber(row, 'seq'),
  }))
}

/** Puts up to `max` dead letters back on their queue, to be received afresh; answers how many. */
export async function redriveDeadLetters(
  store: SqliteStore,
  clock: Clock,
  queueName: string,
  max: number,
): Promise<number> {
  const now = clock.now()
  const result = await store.write(() => store.prepare(REDRIVE).run(queueName, now, deadLetterName(queueName), max))
  return Number(result.changes)
}
