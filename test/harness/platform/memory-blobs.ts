import { assertBlobKey, assertBlobLimit, assertBlobPrefix } from '#shared/platform/blob-key.ts'
import { BlobFailure, type BlobInfo, type Blobs } from '#shared/platform/blobs.ts'
import { decodeCursor, encodeCursor } from '#shared/platform/cursor.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import { compareUtf8 } from '#shared/platform/utf8-order.ts'

/** Blobs without a disk, for runs by the thousand: nothing waits for a file, so that the same run takes the same turns. */
export function createMemoryBlobs(clock: Clock): Blobs {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly storedAt: number }>()

  function info(key: string): BlobInfo | undefined {
    const found = objects.get(key)
    return found === undefined ? undefined : { key, sizeBytes: found.bytes.length, storedAt: found.storedAt }
  }

  return {
    async put(key, bytes) {
      assertBlobKey(key)
      objects.set(key, { bytes: Uint8Array.from(bytes), storedAt: clock.now() })
    },
    async get(key) {
      assertBlobKey(key)
      const found = objects.get(key)
      if (found === undefined) throw BlobFailure.not_found('there is no such blob')
      return Uint8Array.from(found.bytes)
    },
    async head(key) {
      assertBlobKey(key)
      return info(key)
    },
    async delete(key) {
      assertBlobKey(key)
      objects.delete(key)
    },
    async list(prefix, { limit, cursor }) {
      assertBlobPrefix(prefix)
      assertBlobLimit(limit)
      const [after] = cursor === undefined ? [''] : (decodeCursor([prefix], 1, cursor) ?? [])
      if (after === undefined) throw BlobFailure.bad_cursor('the cursor is not one of this list')
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && compareUtf8(key, after) > 0)
      const page = keys.toSorted(compareUtf8).slice(0, limit)
      const blobs = page.flatMap((key) => info(key) ?? [])
      const last = page.at(-1)
      return keys.length > limit && last !== undefined ? { blobs, cursor: encodeCursor([prefix], [last]) } : { blobs }
    },
  }
}
