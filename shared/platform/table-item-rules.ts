import { type AttributeValue, TableFailure, type TableItem, type TableKey } from './table.ts'
import {
  ITEM_BYTES_MAX,
  NESTING_MAX,
  NUMBER_MAX,
  NUMBER_MIN,
  PARTITION_KEY_BYTES_MAX,
  SORT_KEY_BYTES_MAX,
} from './table-limits.ts'

/** The tenant's part of every key; `#` cannot occur in a tenant id, so no two tenants' keys meet. */
export function tenantPrefix(tenantId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(tenantId)) throw TableFailure.bad_request('a tenant id is malformed')
  return `${tenantId}#`
}

/** Refuses keys that DynamoDB refuses; the tenant's prefix counts. */
export function assertKey(key: TableKey, prefix: string): void {
  assertKeyPart('pk', key.pk, PARTITION_KEY_BYTES_MAX - prefix.length)
  assertKeyPart('sk', key.sk, SORT_KEY_BYTES_MAX)
}

export function assertKeyPart(name: string, value: unknown, bytesMax: number): void {
  if (typeof value !== 'string' || value === '') throw TableFailure.bad_request(`${name} must be a non-empty string`)
  if (!value.isWellFormed()) throw TableFailure.bad_request(`${name} is not well-formed Unicode`)
  if (Buffer.byteLength(value) > bytesMax) throw TableFailure.bad_request(`${name} is longer than ${bytesMax} bytes`)
}

/**
 * Refuses what DynamoDB refuses (`table.bad_request`, `table.item_too_large`); answers the item's size in bytes by the
 * stricter of its JSON and DynamoDB's own count. Attributes that are undefined do not count.
 */
export function measureItem(item: TableItem, prefix: string, json = JSON.stringify(item)): number {
  assertKey(item, prefix)
  for (const index of ['gsi1', 'gsi2'] as const) {
    const { [`${index}pk`]: pk, [`${index}sk`]: sk } = item
    if (pk !== undefined) assertKeyPart(`${index}pk`, pk, PARTITION_KEY_BYTES_MAX - prefix.length)
    if (sk !== undefined) assertKeyPart(`${index}sk`, sk, SORT_KEY_BYTES_MAX)
  }
  if (item.expiresAt !== undefined && !(Number.isSafeInteger(item.expiresAt) && item.expiresAt > 0))
    throw TableFailure.bad_request('expiresAt must be whole epoch seconds')
  let attributeBytes = prefix.length
  for (const [name, value] of Object.entries(item)) {
    if (value === undefined) continue
    if (name === '') throw TableFailure.bad_request('an attribute name is empty')
    attributeBytes += Buffer.byteLength(name) + valueBytes(name, value, 0)
  }
  const bytes = Math.max(attributeBytes, Buffer.byteLength(json) + prefix.length)
  if (bytes > ITEM_BYTES_MAX)
    throw TableFailure.item_too_large(`the item has ${bytes} bytes, at most ${ITEM_BYTES_MAX}`)
  return bytes
}

/** Refuses what DynamoDB cannot carry; answers the size by its rules ("Item sizes and formats"). */
function valueBytes(name: string, value: AttributeValue, depth: number): number {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw TableFailure.bad_request(`${name} is not well-formed Unicode`)
    return Buffer.byteLength(value)
  }
  if (typeof value === 'number') return numberBytes(name, value)
  if (typeof value === 'boolean' || value === null) return 1
  if (depth >= NESTING_MAX) throw TableFailure.bad_request(`${name} is nested deeper than ${NESTING_MAX} levels`)
  if (isList(value)) return value.reduce((sum: number, member) => sum + 1 + valueBytes(name, member, depth + 1), 3)
  if (typeof value !== 'object' || !isPlain(value)) throw TableFailure.bad_request(`${name} cannot be stored`)
  return Object.entries(value).reduce(
    (sum, [key, member]) => sum + 1 + Buffer.byteLength(key) + valueBytes(name, member, depth + 1),
    3,
  )
}

function numberBytes(name: string, value: number): number {
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size > NUMBER_MAX || (size !== 0 && size < NUMBER_MIN))
    throw TableFailure.bad_request(`${name} is a number that cannot be stored`)
  return 21
}

export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value)
}

/** A Date, Map or Uint8Array would be stored as something else than was given. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
