import { isFailure } from '#shared/errors/failure.ts'
import type { Clock } from '../small-ports.ts'
import { type Table, TableFailure } from '../table.ts'
import { assertKey, tenantPrefix } from '../table-item-rules.ts'
import { GET_MANY_KEYS_MAX } from '../table-limits.ts'
import { rowName } from '../table-write-rules.ts'
import type { IndexLag } from './index-lag.ts'
import type { SqliteStore } from './sqlite-store.ts'
import { encodeItem } from './table-item.ts'
import { queryPage } from './table-query.ts'
import { openTableRows } from './table-rows.ts'
import { scanPage } from './table-scan.ts'
import { applyOperations, prepareOperation, prepareTransaction } from './table-write.ts'

/** Rows of one commit of `putMany`; the event loop runs between two. */
const PUT_MANY_BATCH_ROWS = 250

export type TableOptions = {
  readonly store: SqliteStore
  readonly clock: Clock
  readonly tenantId: string
  /** Tests only: index queries then answer as of the last catch-up. */
  readonly indexLag?: IndexLag
}

/** One tenant's Table on SQLite, as strict as DynamoDB. An expired row is absent in every way. */
export function createTable({ store, clock, tenantId, indexLag }: TableOptions): Table {
  const prefix = tenantPrefix(tenantId)
  const rows = openTableRows(store, clock, prefix)

  return {
    async get(key) {
      assertKey(key, prefix)
      return read(store, () => rows.find(key))
    },
    async getMany(keys) {
      if (keys.length > GET_MANY_KEYS_MAX) throw TableFailure.bad_request(`at most ${GET_MANY_KEYS_MAX} keys at once`)
      for (const key of keys) assertKey(key, prefix)
      const distinct = new Map(keys.map((key) => [rowName(key), key]))
      return read(store, () => [...distinct.values()].map((key) => rows.find(key)).filter((item) => item !== undefined))
    },
    async write(operation) {
      const prepared = prepareOperation(operation, prefix)
      await write(store, () => applyOperations(rows, [prepared]))
    },
    async transact(operations) {
      const prepared = prepareTransaction(operations, prefix)
      await write(store, () => applyOperations(rows, prepared))
    },
    async putMany(items) {
      const encoded = items.map((item) => encodeItem(item, prefix))
      for (const batch of inBatches(encoded))
        await write(store, () => {
          for (const item of batch) rows.save(item)
        })
    },
    async query(query) {
      const source = query.index !== undefined && indexLag !== undefined ? 'lagged_rows' : 'rows'
      return read(store, () => queryPage(store, source, prefix, query, clock.now()))
    },
    scan: async (scan) => read(store, () => scanPage(store, prefix, scan, clock.now())),
  }
}

function inBatches<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / PUT_MANY_BATCH_ROWS) }, (_, at) =>
    items.slice(at * PUT_MANY_BATCH_ROWS, (at + 1) * PUT_MANY_BATCH_ROWS),
  )
}

function read<T>(store: SqliteStore, job: () => T): T {
  try {
    return store.read(job)
  } catch (error) {
    throw tableFailure(error)
  }
}

async function write(store: SqliteStore, job: () => void): Promise<void> {
  try {
    await store.write(job)
  } catch (error) {
    throw tableFailure(error)
  }
}

function tableFailure(error: unknown): unknown {
  if (!isFailure(error, 'store.unavailable')) return error
  return TableFailure.unavailable('the table cannot be reached now', { cause: error })
}
