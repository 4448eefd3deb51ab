import { CopyObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { BlobFailure } from '../blobs.ts'
import { errorName } from './sdk-error.ts'

/** Where an object lies. */
export type ObjectAddress = { readonly bucketName: string; readonly key: string }

/**
 * Copies an object from bucket to bucket inside S3, up to 5 GB; `blob.not_found` when the source is not there, which S3 tells only a
 * role that may list the source's bucket. Object keys of ours need no escaping but their slashes, which S3 takes as they are.
 */
export async function copyObject(client: S3Client, from: ObjectAddress, to: ObjectAddress): Promise<void> {
  const command = new CopyObjectCommand({
    Bucket: to.bucketName,
    Key: to.key,
    CopySource: `${from.bucketName}/${from.key.split('/').map(encodeURIComponent).join('/')}`,
  })
  try {
    await client.send(command)
  } catch (error) {
    // `NoSuchBucket` is the target's trouble and stays what it is.
    if (errorName(error) === 'NoSuchKey') throw BlobFailure.not_found('there is no such blob', { cause: error })
    throw error
  }
}
