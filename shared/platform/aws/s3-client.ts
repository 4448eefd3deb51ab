import { S3Client } from '@aws-sdk/client-s3'
import { requestHandlerOptions } from './client-options.ts'

/** A received mail has up to 40 MB. */
const TIMES = { connectionTimeout: 2000, requestTimeout: 30_000 }

/** Every call of Blobs may be made twice, so the SDK's own retries serve. */
export function createS3Client(options: { readonly forcePathStyle?: boolean } = {}): S3Client {
  return new S3Client({ ...options, maxAttempts: 4, requestHandler: requestHandlerOptions(TIMES) })
}
