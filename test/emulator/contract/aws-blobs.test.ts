import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { createS3Blobs } from '#shared/platform/aws/s3-blobs.ts'
import { createS3Client } from '#shared/platform/aws/s3-client.ts'
import { describeBlobsContract } from '#test/contract/blobs.contract.ts'
import { freshName } from '#test/contract/contract-case.ts'
import { s3AsDocumented } from '#test/harness/emulator/s3-as-documented.ts'
import { pointSdkAt } from '#test/harness/emulator/sdk-environment.ts'

for (const prefix of ['', 'tenants/tenant-a/'])
  describeBlobsContract(`S3 below '${prefix}'`, async () => {
    pointSdkAt(inject('emulatorEndpoint'))
    // The emulator has no wildcard name for buckets as hosts.
    const client = createS3Client({ forcePathStyle: true })
    s3AsDocumented(client)
    const bucketName = freshName('bucket')
    await client.send(new CreateBucketCommand({ Bucket: bucketName }))
    return {
      blobs: createS3Blobs({ client, bucketName, prefix }),
      now: () => Date.now(),
      close: async () => client.destroy(),
    }
  })
