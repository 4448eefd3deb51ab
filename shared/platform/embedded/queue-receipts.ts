import { QueueFailure } from '../queue.ts'
import { VISIBILITY_SECONDS_MAX } from '../queue-rules.ts'
import { columnNumber, columnNumberOrNull, columnTextOrNull, type SqliteRow } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'

const FIND = 'SELECT visible_at, receipt, received_at FROM queue_messages WHERE seq = ? AND queue_name = ?'
const DELETE = 'DELETE FROM queue_messages WHERE seq = ?'
const HIDE = 'UPDATE queue_messages SET visible_at = ? WHERE seq = ?'

/** Deletes by receipt; one already gone is fine, one received again since is `stale_receipt`. */
export function deleteByReceipt(store: SqliteStore, queueName: string, receiptHandle: string): void {
  const { seq, receipt } = readHandle(receiptHandle)
  const row = store.prepare(FIND).get(seq, queueName)
  if (row === undefined) return
  assertCurrent(row, receipt)
  store.prepare(DELETE).run(seq)
}

/** Hides the message until `now + visibilitySeconds`; SQS counts the 12 hours from the receive. */
export function hideByReceipt(
  store: SqliteStore,
  queueName: string,
  receiptHandle: string,
  visibilitySeconds: number,
  now: number,
): void {
  const { seq, receipt } = readHandle(receiptHandle)
  const row = store.prepare(FIND).get(seq, queueName)
  if (row === undefined) throw QueueFailure.stale_receipt('the message is gone')
  assertCurrent(row, receipt)
  if (columnNumber(row, 'visible_at') <= now) throw QueueFailure.stale_receipt('the message is not in flight')
  const visibleAt = now + visibilitySeconds * 1000
  if (visibleAt > (columnNumberOrNull(row, 'received_at') ?? 0) + VISIBILITY_SECONDS_MAX * 1000)
    throw QueueFailure.bad_request('a message is hidden at most 12 hours from its receive')
  store.prepare(HIDE).run(visibleAt, seq)
}

function assertCurrent(row: SqliteRow, receipt: string): void {
  if (columnTextOrNull(row, 'receipt') !== receipt)
    throw QueueFailure.stale_receipt('the message has been received again since')
}

function readHandle(receiptHandle: string): { readonly seq: number; readonly receipt: string } {
  const [, seq, receipt] = /^(\d{1,15})\.([A-Za-z0-9_-]{16})$/.exec(receiptHandle) ?? []
  if (seq === undefined || receipt === undefined) throw QueueFailure.stale_receipt('the receipt handle is malformed')
  return { seq: Number(seq), receipt }
}
