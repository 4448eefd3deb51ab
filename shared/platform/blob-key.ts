import { BlobFailure } from './blobs.ts'

/** S3's 1,024 bytes less the room for a tenant's prefix. */
const KEY_BYTES_MAX = 900
/** S3 ListObjectsV2: keys of one page. */
const LIST_MAX = 1000
/** S3 "safe characters" less none: every store and every file system can carry them. */
const KEY = /^[A-Za-z0-9!_.*'()/-]+$/

/** Refuses what is not a key by the port's rule; a dot segment would climb out of the folder. */
export function assertBlobKey(key: string): void {
  if (key.length > KEY_BYTES_MAX || !KEY.test(key))
    throw BlobFailure.bad_key('a blob key has a wrong length or character')
  if (key.split('/').some(isBadSegment)) throw BlobFailure.bad_key('a blob key has an empty or dot segment')
}

/** A prefix is the beginning of a key: its last segment may be cut anywhere. */
export function assertBlobPrefix(prefix: string): void {
  if (prefix === '') return
  if (prefix.length > KEY_BYTES_MAX || !KEY.test(prefix))
    throw BlobFailure.bad_key('a blob prefix has a wrong length or character')
  if (prefix.split('/').slice(0, -1).some(isBadSegment))
    throw BlobFailure.bad_key('a blob prefix has an empty or dot segment')
}

/** Refuses (`blob.bad_request`) a page size that no list serves. */
export function assertBlobLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIST_MAX)
    throw BlobFailure.bad_request(`limit must be 1 to ${LIST_MAX}`)
}

function isBadSegment(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..'
}
