import type { Ids } from '#shared/platform/small-ports.ts'

/** Ids in order of asking, shaped as the real ones: the same run gives the same ids. */
export function createCountingIds(): Ids {
  let count = 0
  function next(): string {
    count += 1
    return count.toString().padStart(26, '0')
  }
  return { newId: (prefix) => `${prefix}_${next()}`, newToken: next }
}
