import { defineFailures } from '#shared/errors/failure.ts'

/** A stored attribute: what DynamoDB's document model and JSON both carry (no undefined, no functions). */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue }

export type TableKey = { readonly pk: string; readonly sk: string }

/** The table's secondary indexes: each has its own `<index>pk` and `<index>sk` string attributes; sparse. */
export type IndexName = 'gsi1' | 'gsi2'

/**
 * A row: its key, optional index keys, optional `expiresAt` (epoch seconds; rows past it are never returned),
 * and attributes. At most 400 KB as JSON (DynamoDB, "Item size").
 */
export type TableItem = TableKey & {
  readonly gsi1pk?: string
  readonly gsi1sk?: string
  readonly gsi2pk?: string
  readonly gsi2sk?: string
  readonly expiresAt?: number
  readonly [attribute: string]: AttributeValue | undefined
}

/** A condition on the row as it stands before the write; on an absent row every attribute is absent. */
export type Condition =
  | { readonly row: 'absent' | 'present' }
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  | {
      readonly attribute: string
      readonly is: '=' | '<>' | '<' | '<=' | '>' | '>='
      readonly value: string | number | boolean
    }
  | { readonly allOf: readonly Condition[] }
  | { readonly anyOf: readonly Condition[] }

export type WriteOperation =
  | { readonly kind: 'put'; readonly item: TableItem; readonly when?: Condition }
  | { readonly kind: 'delete'; readonly key: TableKey; readonly when?: Condition }
  | { readonly kind: 'check'; readonly key: TableKey; readonly when: Condition }
  | {
      /** Changes attributes of a row, making it when absent (DynamoDB UpdateItem). `add` counts from 0. */
      readonly kind: 'update'
      readonly key: TableKey
      readonly set?: { readonly [attribute: string]: AttributeValue }
      readonly add?: { readonly [attribute: string]: number }
      readonly remove?: readonly string[]
      readonly when?: Condition
    }

export type TableQuery = {
  readonly index?: IndexName
  readonly pk: string
  /** Sort-key restriction; absent means the whole partition. `between` is inclusive. */
  readonly sk?: { readonly beginsWith: string } | { readonly between: readonly [string, string] }
  readonly descending?: boolean
  /** Rows per page, 1 to 1000; a page also ends at 1 MB as on DynamoDB. */
  readonly limit: number
  /** The `cursor` of the page before; opaque. A bad one is `table.bad_cursor`. */
  readonly cursor?: string
}

/** Limit and cursor as of a query. */
export type TableScan = Pick<TableQuery, 'limit' | 'cursor'>

export type TablePage = { readonly items: readonly TableItem[]; readonly cursor?: string }

export const TableFailure = defineFailures('table', {
  /** The condition did not hold; for a transaction, of one of its operations. Nothing was written. */
  condition_failed: { status: 409, retry: false },
  /** Another transaction held the row; nothing was written, the same call may be made again. */
  conflict: { status: 409, retry: true },
  item_too_large: { status: 413, retry: false },
  bad_request: { status: 400, retry: false },
  bad_cursor: { status: 400, retry: false },
  unavailable: { status: 503, retry: true },
})

/**
 * One tenant's rows. The tenant's prefix is added and stripped by the adapter, never by the caller.
 * Gets and queries of the table are strongly consistent; index queries are eventually consistent.
 */
export interface Table {
  get(key: TableKey): Promise<TableItem | undefined>
  /** Up to 100 keys; absent rows are left out; order is not kept. */
  getMany(keys: readonly TableKey[]): Promise<readonly TableItem[]>
  write(operation: WriteOperation): Promise<void>
  /** All or nothing, 1 to 100 operations, no row twice, 4 MB together (DynamoDB TransactWriteItems). */
  transact(operations: readonly WriteOperation[]): Promise<void>
  /** Unconditional puts, any number, written 25 at a time and retried until all are in; not atomic. */
  putMany(items: readonly TableItem[]): Promise<void>
  query(query: TableQuery): Promise<TablePage>
  /** Every row in no particular order, strongly consistent; what is written behind the cursor is not seen. For work on the whole table alone. */
  scan(scan: TableScan): Promise<TablePage>
}
