import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ReleaseStore } from './release-store.ts'

/** The release bucket on S3. A conditional put makes two publishers of one version agree on who was first. */
export function createS3ReleaseStore(
  bucketName: string,
  options: { readonly forcePathStyle?: boolean; readonly region?: string } = {},
): ReleaseStore {
  const client = new S3Client({ ...options, maxAttempts: 4 })
  const object = (key: string) => ({ Bucket: bucketName, Key: key })
  return {
    async has(key) {
      const head = client.send(new HeadObjectCommand(object(key)))
      return (await unless(head, ['NotFound', 'NoSuchKey'])) !== undefined
    },
    async get(key) {
      const found = await unless(client.send(new GetObjectCommand(object(key))), ['NoSuchKey'])
      return found?.Body?.transformToByteArray()
    },
    async putNew(key, bytes, contentType) {
      // Two at the same moment are refused as a conflict, of which nobody can tell who will have won: that is thrown.
      const put = new PutObjectCommand({ ...object(key), Body: bytes, ContentType: contentType, IfNoneMatch: '*' })
      return (await unless(client.send(put), ['PreconditionFailed'])) !== undefined
    },
  }
}

/** Undefined when the call fails in one of the named ways. */
async function unless<T>(call: Promise<T>, names: readonly string[]): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined
    throw error
  }
}
