import { TableFailure, type TableQuery } from './table.ts'
import { assertKeyPart } from './table-item-rules.ts'
import { PAGE_ROWS_MAX, PARTITION_KEY_BYTES_MAX, SORT_KEY_BYTES_MAX } from './table-limits.ts'
import { compareUtf8 } from './utf8-order.ts'

/** Refuses (`table.bad_request`) queries that DynamoDB or the port refuses. */
export function assertQuery({ pk, sk, limit }: TableQuery, prefix: string): void {
  assertKeyPart('pk', pk, PARTITION_KEY_BYTES_MAX - prefix.length)
  assertPageLimit(limit)
  if (sk === undefined) return
  const bounds = 'between' in sk ? sk.between : [sk.beginsWith]
  for (const bound of bounds) assertKeyPart('sk', bound, SORT_KEY_BYTES_MAX)
  if ('between' in sk && compareUtf8(sk.between[0], sk.between[1]) > 0)
    throw TableFailure.bad_request('between must not be upside down')
}

/** Refuses (`table.bad_request`) a page of no rows or too many. */
export function assertPageLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_ROWS_MAX)
    throw TableFailure.bad_request(`limit must be 1 to ${PAGE_ROWS_MAX}`)
}
