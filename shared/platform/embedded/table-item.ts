import type { TableItem } from '../table.ts'
import { measureItem } from '../table-item-rules.ts'

/**
 * An item as it is stored: the values of `ROW_COLUMNS`, and its size by `measureItem`.
 * Encoding at the call means that a caller who changes the object afterwards changes nothing here.
 */
export type EncodedItem = { readonly columns: readonly (string | number | null)[]; readonly bytes: number }

export const ROW_COLUMNS = 'pk, sk, gsi1pk, gsi1sk, gsi2pk, gsi2sk, expires_at, item_bytes, item'

/** Checks an item as DynamoDB would and encodes it; attributes that are undefined are left out. */
export function encodeItem(item: TableItem, prefix: string): EncodedItem {
  const json = JSON.stringify(item)
  const bytes = measureItem(item, prefix, json)
  return { columns: rowColumns(item, prefix, bytes, json), bytes }
}

function rowColumns(item: TableItem, prefix: string, bytes: number, json: string): readonly (string | number | null)[] {
  const { pk, sk, gsi1pk, gsi1sk = null, gsi2pk, gsi2sk = null, expiresAt = null } = item
  const indexKey = (value: string | undefined): string | null => (value === undefined ? null : prefix + value)
  return [prefix + pk, sk, indexKey(gsi1pk), gsi1sk, indexKey(gsi2pk), gsi2sk, expiresAt, bytes, json]
}
