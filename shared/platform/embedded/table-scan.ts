import { decodeCursor, encodeCursor } from '../cursor.ts'
import { TableFailure, type TableItem, type TablePage, type TableScan } from '../table.ts'
import { PAGE_BYTES_MAX } from '../table-limits.ts'
import { assertPageLimit } from '../table-query-rules.ts'
import { columnNumber, columnText, type SqliteRow } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'
import { endOfPrefix } from './table-query.ts'
import { isExpired, readItem } from './table-rows.ts'

const SCAN = `SELECT pk, sk, expires_at, item_bytes, item FROM rows
  WHERE pk >= ? AND pk < ? AND (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ?`

/** One page of all rows of a tenant as DynamoDB gives it: rows past their expiry count towards `limit` and 1 MB, then are left out. */
export function scanPage(store: SqliteStore, prefix: string, scan: TableScan, now: number): TablePage {
  assertPageLimit(scan.limit)
  const scope = [prefix, 'scan']
  const [pk, sk] = scan.cursor === undefined ? ['', ''] : readStart(scope, scan.cursor)
  const items: TableItem[] = []
  let last: SqliteRow | undefined
  let seen = 0
  let bytes = 0
  const rows = store.prepare(SCAN).iterate(prefix, endOfPrefix(prefix) ?? '', prefix + pk, sk, scan.limit)
  for (const row of rows) {
    bytes += columnNumber(row, 'item_bytes')
    if (last !== undefined && bytes > PAGE_BYTES_MAX) return { items, cursor: cursorAt(scope, last, prefix) }
    last = row
    seen += 1
    if (!isExpired(row, now)) items.push(readItem(row))
  }
  return last === undefined || seen < scan.limit ? { items } : { items, cursor: cursorAt(scope, last, prefix) }
}

function cursorAt(scope: readonly unknown[], row: SqliteRow, prefix: string): string {
  return encodeCursor(scope, [columnText(row, 'pk').slice(prefix.length), columnText(row, 'sk')])
}

function readStart(scope: readonly unknown[], cursor: string): readonly [string, string] {
  const [pk, sk] = decodeCursor(scope, 2, cursor) ?? []
  if (pk === undefined || sk === undefined) throw TableFailure.bad_cursor('the cursor is not one of this scan')
  return [pk, sk]
}
