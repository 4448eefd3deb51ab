import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import type { TenantFiles } from '../tenant-files.ts'
import { calling, type ErrorMeanings, reading } from './sdk-call.ts'

const MEANINGS: ErrorMeanings = { NoSuchBucket: 'gone', NoSuchKey: 'gone', SlowDown: 'throttled' }

export function createTenantFiles(client: S3Client): TenantFiles {
  return {
    async put({ bucketName, key, bytes, contentType }) {
      const command = new PutObjectCommand({
        Bucket: bucketName,
        Key: key,
        // A copy, because the SDK reads the body later than the caller's next line.
        Body: Uint8Array.from(bytes),
        ContentType: contentType,
      })
      await calling('PutObject', () => client.send(command), MEANINGS)
    },
    get: ({ bucketName, key }) =>
      reading(
        'GetObject',
        async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }))
          return Body === undefined ? new Uint8Array() : Body.transformToByteArray()
        },
        MEANINGS,
      ),
    list: ({ bucketName, prefix }) =>
      calling(
        'ListObjectsV2',
        async () => {
          const keys: string[] = []
          for await (const page of paginateListObjectsV2({ client }, { Bucket: bucketName, Prefix: prefix }))
            keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
          return keys
        },
        MEANINGS,
      ),
  }
}
