import type { Ctx } from '#tenant-stack/core/context.ts'
import { readList } from '#tenant-stack/core/recipient-list/read-list.ts'
import type { WalkedRow } from './classify-rows.ts'

/** An invitation each, its chunk, counters and the list's own row fit one transaction. */
const ROWS_A_BATCH = 90
/** Of a hash: what is kept of an address while the list is walked, so that a second one of it is known. */
const HASH_DIGITS = 16

/**
 * The rows of a list behind a row, in batches. Of those before it only short hashes are kept, which tell a duplicate: a list of any length is
 * never held as rows.
 */
export function* walkList(
  ctx: Pick<Ctx, 'sha256'>,
  bytes: Uint8Array,
  afterRow: number,
): Generator<readonly WalkedRow[]> {
  const seen = new Set<string>()
  let batch: WalkedRow[] = []
  for (const row of readList(bytes)) {
    const isDuplicate = 'address' in row && isSeen(seen, ctx.sha256(row.address.toLowerCase()).slice(0, HASH_DIGITS))
    if (row.row <= afterRow) continue
    batch.push({ row, isDuplicate })
    if (batch.length === ROWS_A_BATCH) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

function isSeen(seen: Set<string>, hash: string): boolean {
  if (seen.has(hash)) return true
  seen.add(hash)
  return false
}
