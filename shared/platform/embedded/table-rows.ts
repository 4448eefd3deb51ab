import type { Clock } from '../small-ports.ts'
import type { AttributeValue, TableItem, TableKey } from '../table.ts'
import { columnNumberOrNull, columnText, type SqliteRow } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'
import { type EncodedItem, ROW_COLUMNS } from './table-item.ts'

const SELECT_ROW = 'SELECT item, expires_at FROM rows WHERE pk = ? AND sk = ?'
const DELETE_ROW = 'DELETE FROM rows WHERE pk = ? AND sk = ?'
const UPSERT_ROW = `
  INSERT INTO rows (${ROW_COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (pk, sk) DO UPDATE SET
    gsi1pk = excluded.gsi1pk, gsi1sk = excluded.gsi1sk, gsi2pk = excluded.gsi2pk, gsi2sk = excluded.gsi2sk,
    expires_at = excluded.expires_at, item_bytes = excluded.item_bytes, item = excluded.item`

/** One tenant's rows in the database, without conditions; writes must run inside `store.write`. */
export type TableRows = {
  readonly prefix: string
  readonly find: (key: TableKey) => TableItem | undefined
  readonly save: (item: EncodedItem) => void
  readonly remove: (key: TableKey) => void
}

export function openTableRows(store: SqliteStore, clock: Clock, prefix: string): TableRows {
  return {
    prefix,
    find(key) {
      const row = store.prepare(SELECT_ROW).get(prefix + key.pk, key.sk)
      return row === undefined || isExpired(row, clock.now()) ? undefined : readItem(row)
    },
    save(item) {
      store.prepare(UPSERT_ROW).run(...item.columns)
    },
    remove(key) {
      store.prepare(DELETE_ROW).run(prefix + key.pk, key.sk)
    },
  }
}

/** Rows past `expiresAt` (seconds) are as good as gone; the sweep removes them later. */
export function isExpired(row: SqliteRow, now: number): boolean {
  const expiresAt = columnNumberOrNull(row, 'expires_at')
  return expiresAt !== null && expiresAt * 1000 <= now
}

export function readItem(row: SqliteRow): TableItem {
  const item: unknown = JSON.parse(columnText(row, 'item'))
  if (!isItem(item)) throw new Error('a stored row is not an item')
  return item
}

/** What `encodeItem` wrote is an item; only the shape that tells JSON apart is looked at again. */
function isItem(value: unknown): value is TableItem & { readonly [name: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && 'pk' in value && 'sk' in value
}
