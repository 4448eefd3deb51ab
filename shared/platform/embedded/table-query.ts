import { decodeCursor, encodeCursor } from '../cursor.ts'
import { TableFailure, type TableItem, type TablePage, type TableQuery } from '../table.ts'
import { PAGE_BYTES_MAX } from '../table-limits.ts'
import { assertQuery } from '../table-query-rules.ts'
import { columnNumber, columnText, columnTextOrNull, type SqliteRow } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'
import { isExpired, readItem } from './table-rows.ts'

/** Where a query reads: the rows, or the late copy that stands for an index not yet caught up. */
export type QuerySource = 'rows' | 'lagged_rows'

/** One page as DynamoDB gives it: rows past their expiry count towards `limit` and 1 MB, then are left out. */
export function queryPage(
  store: SqliteStore,
  source: QuerySource,
  prefix: string,
  query: TableQuery,
  now: number,
): TablePage {
  assertQuery(query, prefix)
  const scope = [prefix, query.index ?? '', query.pk, query.sk ?? null, query.descending ?? false]
  const { sql, values } = buildQuery(source, prefix, query, scope)
  const items: TableItem[] = []
  let last: SqliteRow | undefined
  let seen = 0
  let bytes = 0
  let isCut = false
  for (const row of store.prepare(sql).iterate(...values)) {
    bytes += columnNumber(row, 'item_bytes')
    if (last !== undefined && bytes > PAGE_BYTES_MAX) {
      isCut = true
      break
    }
    last = row
    seen += 1
    if (!isExpired(row, now)) items.push(readItem(row))
  }
  // DynamoDB names a last key whenever it stopped by itself, also when nothing follows.
  if (last === undefined || (!isCut && seen < query.limit)) return { items }
  return { items, cursor: encodeCursor(scope, positionOf(last, prefix, query)) }
}

function buildQuery(
  source: QuerySource,
  prefix: string,
  query: TableQuery,
  scope: readonly unknown[],
): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const partition = query.index === undefined ? 'pk' : `${query.index}pk`
  const sort = query.index === undefined ? 'sk' : `${query.index}sk`
  // A partial index is only used when the statement repeats its condition.
  const sparse = query.index === undefined ? '' : `AND ${partition} IS NOT NULL AND ${sort} IS NOT NULL`
  const range = sortRange(sort, query.sk)
  const order = query.index === undefined ? [sort] : [sort, 'pk', 'sk']
  const position = readPosition(query, scope, prefix, order.length)
  const after = position.length === 0 ? '' : afterPosition(order, query.descending === true)
  const direction = query.descending === true ? 'DESC' : 'ASC'
  return {
    sql: `SELECT pk, sk, ${sort} AS sort, expires_at, item_bytes, item FROM ${source}
      WHERE ${partition} = ? ${sparse} ${range.sql} ${after}
      ORDER BY ${order.map((column) => `${column} ${direction}`).join(', ')} LIMIT ?`,
    values: [prefix + query.pk, ...range.values, ...position, query.limit],
  }
}

function afterPosition(order: readonly string[], descending: boolean): string {
  return `AND (${order.join(', ')}) ${descending ? '<' : '>'} (${order.map(() => '?').join(', ')})`
}

function sortRange(column: string, sk: TableQuery['sk']): { readonly sql: string; readonly values: readonly string[] } {
  if (sk === undefined) return { sql: '', values: [] }
  if ('between' in sk) return { sql: `AND ${column} BETWEEN ? AND ?`, values: sk.between }
  const end = endOfPrefix(sk.beginsWith)
  if (end === undefined) return { sql: `AND ${column} >= ?`, values: [sk.beginsWith] }
  return { sql: `AND ${column} >= ? AND ${column} < ?`, values: [sk.beginsWith, end] }
}

/** The least string after all that begin with `start`, in code point (so UTF-8 byte) order. */
export function endOfPrefix(start: string): string | undefined {
  const points = Array.from(start, (character) => character.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    const next = last === 0xd7ff ? 0xe000 : last + 1
    return String.fromCodePoint(...points, next)
  }
  return undefined
}

function readPosition(query: TableQuery, scope: readonly unknown[], prefix: string, parts: number): readonly string[] {
  if (query.cursor === undefined) return []
  const position = decodeCursor(scope, parts, query.cursor)
  if (position === undefined) throw TableFailure.bad_cursor('the cursor is not one of this query')
  return position.map((part, at) => (at === 1 ? prefix + part : part))
}

/** Without the tenant's prefix, because cursors are shown to callers of the API. */
function positionOf(row: SqliteRow, prefix: string, query: TableQuery): readonly string[] {
  const sk = columnText(row, 'sk')
  if (query.index === undefined) return [sk]
  return [columnTextOrNull(row, 'sort') ?? '', columnText(row, 'pk').slice(prefix.length), sk]
}
