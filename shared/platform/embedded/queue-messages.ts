import { randomBytes, randomUUID } from 'node:crypto'
import type { QueueMessage } from '../queue.ts'
import type { KnownQueue } from './known-queues.ts'
import { deadLetterName } from './known-queues.ts'
import { columnNumber, columnText, type SqliteRow } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'

const INSERT = 'INSERT INTO queue_messages (queue_name, message_id, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)'
const DUE = `SELECT * FROM queue_messages WHERE queue_name = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?`
const HAS_DUE = 'SELECT 1 FROM queue_messages WHERE queue_name = ? AND visible_at <= ? LIMIT 1'
const CLAIM = `UPDATE queue_messages
  SET visible_at = ?, receive_count = receive_count + 1, receipt = ?, received_at = ? WHERE seq = ?`
const BURY = `UPDATE queue_messages
  SET queue_name = ?, visible_at = ?, receipt = NULL, received_at = NULL, receive_count = 0 WHERE seq = ?`
const COPY = `INSERT INTO queue_messages (queue_name, message_id, body, sent_at, visible_at, is_copy)
  SELECT queue_name, message_id, body, sent_at, ?, 1 FROM queue_messages WHERE seq = ?`

/** How far past `max` a shuffled receive looks. */
const SHUFFLE_WINDOW = 100

/** Tests only: what a standard queue may do at any time and seldom does. */
export type QueueFaults = {
  /** Picks among the waiting messages: gives the order to serve them in. */
  readonly shuffle?: <T>(messages: readonly T[]) => readonly T[]
  /** Asked for each message received first time: true delivers a second copy of it. */
  readonly isDuplicated?: () => boolean
}

export function insertMessage(
  store: SqliteStore,
  queueName: string,
  body: string,
  now: number,
  visibleAt: number,
): void {
  store.prepare(INSERT).run(queueName, randomUUID(), body, now, visibleAt)
}

export function hasDueMessage(store: SqliteStore, queueName: string, now: number): boolean {
  return store.prepare(HAS_DUE).get(queueName, now) !== undefined
}

/** Claims up to `max` due messages; one received `maxReceives` times already goes to the dead-letter queue instead. */
export function claimMessages(
  store: SqliteStore,
  queue: KnownQueue,
  request: { readonly max: number; readonly visibilitySeconds: number; readonly now: number },
  faults: QueueFaults,
): readonly QueueMessage[] {
  const { max, visibilitySeconds, now } = request
  const claimed: QueueMessage[] = []
  const skipped = new Set<number>()
  while (claimed.length < max) {
    const window = faults.shuffle === undefined ? max - claimed.length + skipped.size : SHUFFLE_WINDOW
    const due = store.prepare(DUE).all(queue.queueName, now, window)
    const rows = due.filter((row) => !skipped.has(columnNumber(row, 'seq')))
    if (rows.length === 0) break
    for (const row of (faults.shuffle?.(rows) ?? rows).slice(0, max - claimed.length)) {
      const seq = columnNumber(row, 'seq')
      if (columnNumber(row, 'receive_count') >= (queue.maxReceives ?? Number.POSITIVE_INFINITY)) {
        store.prepare(BURY).run(deadLetterName(queue.queueName), now, seq)
        continue
      }
      // With visibility 0 a claimed message is due again at once, yet one call gives it once.
      skipped.add(seq)
      claimed.push(claim(store, row, now + visibilitySeconds * 1000, now))
      if (row.is_copy === 0 && row.receive_count === 0 && faults.isDuplicated?.() === true)
        store.prepare(COPY).run(now, seq)
    }
    if (faults.shuffle !== undefined) break
  }
  return claimed
}

function claim(store: SqliteStore, row: SqliteRow, visibleAt: number, now: number): QueueMessage {
  const seq = columnNumber(row, 'seq')
  const receipt = randomBytes(12).toString('base64url')
  store.prepare(CLAIM).run(visibleAt, receipt, now, seq)
  return {
    messageId: columnText(row, 'message_id'),
    receiptHandle: `${seq}.${receipt}`,
    body: columnText(row, 'body'),
    receiveCount: columnNumber(row, 'receive_count') + 1,
    sentAt: columnNumber(row, 'sent_at'),
  }
}
