import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { assertBlobKey, assertBlobLimit, assertBlobPrefix } from '../blob-key.ts'
import { BlobFailure, type BlobInfo, type Blobs } from '../blobs.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { errorName } from './sdk-error.ts'

export type S3BlobsOptions = {
  readonly client: S3Client
  readonly bucketName: string
  /** Before every key, '' for none; with the key at most 1,024 bytes (S3), so at most 124. */
  readonly prefix: string
}

/** Blobs on S3, which is strongly consistent; trouble of the network is thrown as the SDK gives it. */
export function createS3Blobs({ client, bucketName, prefix }: S3BlobsOptions): Blobs {
  function object(key: string): { readonly Bucket: string; readonly Key: string } {
    assertBlobKey(key)
    return { Bucket: bucketName, Key: prefix + key }
  }

  return {
    async put(key, bytes) {
      // A copy, because the SDK reads the body later than the caller's next line.
      await client.send(new PutObjectCommand({ ...object(key), Body: Uint8Array.from(bytes) }))
    },
    async get(key) {
      const command = new GetObjectCommand(object(key))
      try {
        const { Body } = await client.send(command)
        return Body === undefined ? new Uint8Array() : await Body.transformToByteArray()
      } catch (error) {
        throw isMissing(error) ? BlobFailure.not_found('there is no such blob', { cause: error }) : error
      }
    },
    async head(key) {
      const command = new HeadObjectCommand(object(key))
      try {
        const { ContentLength, LastModified } = await client.send(command)
        return info(key, ContentLength, LastModified)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand(object(key)))
    },
    async list(listPrefix, { limit, cursor }) {
      assertBlobPrefix(listPrefix)
      assertBlobLimit(limit)
      const scope = [bucketName, prefix, listPrefix]
      const after = cursor === undefined ? undefined : readCursor(scope, cursor)
      const { Contents = [], IsTruncated } = await client.send(
        new ListObjectsV2Command({
          Bucket: bucketName,
          Prefix: prefix + listPrefix,
          MaxKeys: limit,
          ...(after === undefined ? {} : { StartAfter: prefix + after }),
        }),
      )
      const blobs = Contents.map(({ Key = '', Size, LastModified }) =>
        info(Key.slice(prefix.length), Size, LastModified),
      )
      const last = blobs.at(-1)
      return IsTruncated === true && last !== undefined ? { blobs, cursor: encodeCursor(scope, [last.key]) } : { blobs }
    },
  }
}

function info(key: string, sizeBytes = 0, lastModified = new Date(0)): BlobInfo {
  return { key, sizeBytes, storedAt: lastModified.getTime() }
}

function isMissing(error: unknown): boolean {
  // HEAD has no body, so S3's own name of the error is lost there.
  return errorName(error) === 'NoSuchKey' || errorName(error) === 'NotFound'
}

function readCursor(scope: readonly unknown[], cursor: string): string {
  const [after] = decodeCursor(scope, 1, cursor) ?? []
  if (after === undefined) throw BlobFailure.bad_cursor('the cursor is not one of this list')
  return after
}
