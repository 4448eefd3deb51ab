import type { AttributeValue as DynamoValue } from '@aws-sdk/client-dynamodb'
import type { AttributeValue, TableItem, TableKey } from '../table.ts'
import { isList } from '../table-item-rules.ts'

export type DynamoRow = Record<string, DynamoValue>

/** The attributes that carry the tenant's prefix in the table and never outside it. */
const PREFIXED: ReadonlySet<string> = new Set(['pk', 'gsi1pk', 'gsi2pk'])

export function encodeKey({ pk, sk }: TableKey, prefix: string): DynamoRow {
  return { pk: { S: prefix + pk }, sk: { S: sk } }
}

/** A copy in DynamoDB's form, whole: what the caller does to the item afterwards changes nothing here. */
export function encodeItem(item: TableItem, prefix: string): DynamoRow {
  const row: DynamoRow = {}
  for (const [name, value] of Object.entries(item))
    if (value !== undefined) row[name] = encodeAttribute(name, value, prefix)
  return row
}

export function encodeAttribute(name: string, value: AttributeValue, prefix: string): DynamoValue {
  return typeof value === 'string' && PREFIXED.has(name) ? { S: prefix + value } : encodeValue(value)
}

export function decodeItem(row: DynamoRow, prefix: string): TableItem {
  const entries = Object.entries(row).map(([name, value]): [string, AttributeValue] => {
    const decoded = decodeValue(value)
    return [name, typeof decoded === 'string' && PREFIXED.has(name) ? decoded.slice(prefix.length) : decoded]
  })
  const item: object = Object.fromEntries(entries)
  if (!isItem(item)) throw new Error('a stored row is not an item')
  return item
}

/** TTL removes a row days after it expired; until then it is as good as gone. `now` is epoch seconds. */
export function isExpired({ expiresAt }: DynamoRow, now: number): boolean {
  return expiresAt?.N !== undefined && Number(expiresAt.N) <= now
}

function encodeValue(value: AttributeValue): DynamoValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (isList(value)) return { L: value.map(encodeValue) }
  return { M: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, encodeValue(member)])) }
}

function decodeValue(value: DynamoValue): AttributeValue {
  if (value.S !== undefined) return value.S
  if (value.N !== undefined) return Number(value.N)
  if (value.BOOL !== undefined) return value.BOOL
  if (value.NULL !== undefined) return null
  if (value.L !== undefined) return value.L.map(decodeValue)
  if (value.M !== undefined)
    return Object.fromEntries(Object.entries(value.M).map(([name, member]) => [name, decodeValue(member)]))
  throw new Error('a stored attribute has a type that was never written')
}

/** What `encodeItem` wrote is an item; only the key is looked at again. */
function isItem(value: object): value is TableItem {
  return 'pk' in value && typeof value.pk === 'string' && 'sk' in value && typeof value.sk === 'string'
}
