import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type KeysAndAttributes,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { TableFailure, type TableItem, type TableKey } from '../table.ts'
import { PUT_MANY_CALL_ITEMS } from '../table-limits.ts'
import { pause, TRIES_MAX } from './backoff.ts'
import { type DynamoContext, makeCall, nowSeconds } from './dynamo-call.ts'
import { type DynamoRow, decodeItem, encodeKey, isExpired } from './dynamo-codec.ts'

/** Calls of one `putMany` under way at a time. */
const CALLS_AT_ONCE = 4

/** Distinct keys, at most 100. */
export async function getRows(context: DynamoContext, keys: readonly TableKey[]): Promise<readonly TableItem[]> {
  const { client, tableName, prefix, backoff } = context
  const rows: DynamoRow[] = []
  let left: Record<string, AttributeValue>[] = keys.map((key) => encodeKey(key, prefix))
  for (let fruitless = 0; left.length > 0; ) {
    const wanted: KeysAndAttributes = { Keys: left, ConsistentRead: true }
    const command = new BatchGetItemCommand({ RequestItems: { [tableName]: wanted } })
    const { Responses = {}, UnprocessedKeys = {} } = await makeCall(backoff, 'harmless', () => client.send(command))
    rows.push(...(Responses[tableName] ?? []))
    const unprocessed = UnprocessedKeys[tableName]?.Keys ?? []
    // A page over 16 MB goes on at once; a table that gave nothing is busy.
    fruitless = unprocessed.length < left.length ? 0 : fruitless + 1
    left = unprocessed
    if (fruitless > 0) await pauseOrGiveUp(context, fruitless)
  }
  const now = nowSeconds(context)
  return rows.filter((row) => !isExpired(row, now)).map((row) => decodeItem(row, prefix))
}

/** Any number of rows with distinct keys; resolves when all are in. */
export async function putRows(context: DynamoContext, rows: readonly DynamoRow[]): Promise<void> {
  const waiting = Array.from({ length: Math.ceil(rows.length / PUT_MANY_CALL_ITEMS) }, (_, at) =>
    rows.slice(at * PUT_MANY_CALL_ITEMS, (at + 1) * PUT_MANY_CALL_ITEMS),
  )
  async function work(): Promise<void> {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await putBatch(context, batch)
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work))
}

async function putBatch(context: DynamoContext, rows: readonly DynamoRow[]): Promise<void> {
  const { client, tableName, backoff } = context
  let left: WriteRequest[] = rows.map((Item) => ({ PutRequest: { Item } }))
  for (let fruitless = 0; left.length > 0; ) {
    const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: left } })
    const { UnprocessedItems = {} } = await makeCall(backoff, 'harmless', () => client.send(command))
    const unprocessed = UnprocessedItems[tableName] ?? []
    if (unprocessed.length === 0) return
    // Unprocessed means throttled: wait also when some went in.
    fruitless = unprocessed.length < left.length ? 1 : fruitless + 1
    left = unprocessed
    await pauseOrGiveUp(context, fruitless)
  }
}

async function pauseOrGiveUp({ backoff }: DynamoContext, tryNumber: number): Promise<void> {
  if (tryNumber >= TRIES_MAX) throw TableFailure.unavailable('the table is busy')
  await pause(backoff, tryNumber)
}
