import type { Blobs } from '#shared/platform/blobs.ts'
import type { Topics } from '#shared/platform/queue.ts'
import type { Table, TableItem, WriteOperation } from '#shared/platform/table.ts'

/** What the services of AWS would bill. */
export type Bill = {
  /** Rows written, conditions of a transaction on rows of their own included. */
  writes: number
  /** DynamoDB write request units: one per KB of each row, twice that in a transaction ("Read and write operations"). */
  writeUnits: number
  /** DynamoDB read request units: one per 4 KB of a consistent read, half of it for the others. */
  readUnits: number
  publishes: number
  queueRequests: number
  invocations: number
  puts: number
  gets: number
}

export function emptyBill(): Bill {
  return {
    writes: 0,
    writeUnits: 0,
    readUnits: 0,
    publishes: 0,
    queueRequests: 0,
    invocations: 0,
    puts: 0,
    gets: 0,
  }
}

/** The same table, whose calls are put on the bill as DynamoDB would. Sizes are those of the items as JSON: close above what DynamoDB counts. */
export function meteredTable(table: Table, bill: Bill): Table {
  const write = async (operations: readonly WriteOperation[], factor: 1 | 2) => {
    for (const operation of operations) {
      bill.writes += 1
      bill.writeUnits += factor * Math.ceil((await bytesAfter(table, operation)) / 1024)
    }
  }
  const read = (items: readonly (TableItem | undefined)[], unitBytes: number) => {
    for (const item of items) bill.readUnits += Math.ceil(bytesOf(item) / unitBytes) * (unitBytes / 4096)
  }
  return {
    async get(key) {
      const item = await table.get(key)
      bill.readUnits += Math.max(1, Math.ceil(bytesOf(item) / 4096))
      return item
    },
    async getMany(keys) {
      const items = await table.getMany(keys)
      read(items, 4096)
      bill.readUnits += keys.length - items.length
      return items
    },
    async write(operation) {
      await table.write(operation)
      await write([operation], operation.kind === 'check' ? 2 : 1)
    },
    async transact(operations) {
      await table.transact(operations)
      await write(operations, 2)
    },
    async putMany(items) {
      await table.putMany(items)
      await write(
        items.map((item) => ({ kind: 'put', item })),
        1,
      )
    },
    async query(query) {
      const page = await table.query(query)
      const bytes = page.items.reduce((sum, item) => sum + bytesOf(item), 0)
      const units = Math.max(1, Math.ceil(bytes / 4096))
      bill.readUnits += query.index === undefined ? units : units / 2
      return page
    },
    async scan(scan) {
      const page = await table.scan(scan)
      bill.readUnits += Math.max(1, Math.ceil(page.items.reduce((sum, item) => sum + bytesOf(item), 0) / 4096))
      return page
    },
  }
}

export function meteredTopics(topics: Topics, bill: Bill): Topics {
  return {
    async publish(topicName, body) {
      await topics.publish(topicName, body)
      bill.publishes += 1
    },
  }
}

export function meteredBlobs(blobs: Blobs, bill: Bill): Blobs {
  return {
    ...blobs,
    async put(key, bytes) {
      bill.puts += 1
      return blobs.put(key, bytes)
    },
    async get(key) {
      bill.gets += 1
      return blobs.get(key)
    },
  }
}

async function bytesAfter(table: Table, operation: WriteOperation): Promise<number> {
  if (operation.kind === 'put') return bytesOf(operation.item)
  return Math.max(1, bytesOf(await table.get(operation.key)))
}

function bytesOf(item: TableItem | undefined): number {
  return item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item))
}
