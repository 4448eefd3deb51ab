import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../small-ports.ts'
import { type Table, TableFailure } from '../table.ts'
import { assertKey, measureItem, tenantPrefix } from '../table-item-rules.ts'
import { GET_MANY_KEYS_MAX, TRANSACTION_BYTES_MAX } from '../table-limits.ts'
import { assertOperation, assertTransaction, rowName } from '../table-write-rules.ts'
import { type Backoff, systemBackoff } from './backoff.ts'
import { getRows, putRows } from './dynamo-batch.ts'
import { type DynamoContext, makeCall, nowSeconds } from './dynamo-call.ts'
import { decodeItem, encodeItem, encodeKey, isExpired } from './dynamo-codec.ts'
import { measureOperation } from './dynamo-operations.ts'
import { queryPage } from './dynamo-query.ts'
import { scanPage } from './dynamo-scan.ts'
import { transactAll } from './dynamo-transact.ts'
import { writeOne } from './dynamo-write.ts'

export type DynamoTableOptions = {
  /** Made without retries of its own (`createDynamoClient`). */
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly tenantId: string
  readonly clock: Clock
  readonly backoff?: Backoff
}

/** One tenant's Table on DynamoDB. An expired row is absent in every way, long before TTL removes it. */
export function createDynamoTable(options: DynamoTableOptions): Table {
  const { client, tableName, tenantId, clock, backoff = systemBackoff } = options
  const prefix = tenantPrefix(tenantId)
  const context: DynamoContext = { client, tableName, prefix, clock, backoff }

  return {
    async get(key) {
      assertKey(key, prefix)
      const command = new GetItemCommand({ TableName: tableName, Key: encodeKey(key, prefix), ConsistentRead: true })
      const { Item } = await makeCall(backoff, 'harmless', () => client.send(command))
      return Item === undefined || isExpired(Item, nowSeconds(context)) ? undefined : decodeItem(Item, prefix)
    },
    async getMany(keys) {
      if (keys.length > GET_MANY_KEYS_MAX) throw TableFailure.bad_request(`at most ${GET_MANY_KEYS_MAX} keys at once`)
      for (const key of keys) assertKey(key, prefix)
      return getRows(context, [...new Map(keys.map((key) => [rowName(key), key])).values()])
    },
    async write(operation) {
      assertOperation(operation, prefix)
      measureOperation(operation, prefix)
      // DynamoDB checks a condition without a write only inside a transaction.
      if (operation.kind === 'check') await transactAll(context, [operation])
      else await writeOne(context, operation)
    },
    async transact(operations) {
      assertTransaction(operations, prefix)
      const bytes = operations.reduce((sum, operation) => sum + measureOperation(operation, prefix), 0)
      if (bytes > TRANSACTION_BYTES_MAX)
        throw TableFailure.bad_request(`a transaction writes at most ${TRANSACTION_BYTES_MAX} bytes`)
      await transactAll(context, operations)
    },
    async putMany(items) {
      for (const item of items) measureItem(item, prefix)
      // BatchWriteItem refuses the same row twice; of several the last stays.
      const distinct = new Map(items.map((item) => [rowName(item), encodeItem(item, prefix)]))
      await putRows(context, [...distinct.values()])
    },
    query: (query) => queryPage(context, query),
    scan: (scan) => scanPage(context, scan),
  }
}
