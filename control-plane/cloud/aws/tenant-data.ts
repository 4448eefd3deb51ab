import {
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { CloudFailure } from '../failure.ts'
import type { TenantData } from '../tenant-data.ts'
import { byWords, calling, type ErrorMeanings, orElse, reading } from './sdk-call.ts'

/** S3 DeleteObjects: keys of one request. */
const OBJECTS_MAX = 1000

const TABLE_MEANINGS: ErrorMeanings = {
  ResourceNotFoundException: 'gone',
  ResourceInUseException: 'conflict',
  // Operations on tables at once, which passes.
  LimitExceededException: 'throttled',
  ValidationException: byWords([[/deletion protection/i, 'invalid']]),
}
const BUCKET_MEANINGS: ErrorMeanings = {
  NoSuchBucket: 'gone',
  // HEAD has no body, so S3's own name of the error is lost there.
  NotFound: 'gone',
  BucketNotEmpty: 'in_use',
  OperationAborted: 'conflict',
  SlowDown: 'throttled',
}

export function createTenantData({
  dynamo,
  s3,
}: {
  readonly dynamo: DynamoDBClient
  readonly s3: S3Client
}): TenantData {
  return {
    async tableStatus(tableName) {
      const command = new DescribeTableCommand({ TableName: tableName })
      const answer = await reading('DescribeTable', () => dynamo.send(command), TABLE_MEANINGS)
      if (answer === undefined) return undefined
      const status = answer.Table?.TableStatus
      return status === 'ACTIVE' || status === 'DELETING' ? status : 'CHANGING'
    },
    async unprotectTable(tableName) {
      const command = new UpdateTableCommand({ TableName: tableName, DeletionProtectionEnabled: false })
      await calling('UpdateTable', () => dynamo.send(command), TABLE_MEANINGS)
    },
    async deleteTable(tableName) {
      const command = new DeleteTableCommand({ TableName: tableName })
      await orElse(
        'gone',
        undefined,
        calling('DeleteTable', () => dynamo.send(command), TABLE_MEANINGS),
      )
    },
    async bucketIsThere(bucketName) {
      const command = new HeadBucketCommand({ Bucket: bucketName })
      return (await reading('HeadBucket', () => s3.send(command), BUCKET_MEANINGS)) !== undefined
    },
    async emptyBucket(bucketName) {
      const none = { deleted: 0, isEmpty: true }
      return orElse(
        'gone',
        none,
        calling('DeleteObjects', () => deletePage(s3, bucketName), BUCKET_MEANINGS),
      )
    },
    async deleteBucket(bucketName) {
      const command = new DeleteBucketCommand({ Bucket: bucketName })
      await orElse(
        'gone',
        undefined,
        calling('DeleteBucket', () => s3.send(command), BUCKET_MEANINGS),
      )
    },
  }
}

async function deletePage(s3: S3Client, bucketName: string) {
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucketName, MaxKeys: OBJECTS_MAX }))
  const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
    Key,
    VersionId,
  }))
  if (Objects.length === 0) return { deleted: 0, isEmpty: page.IsTruncated !== true }
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucketName, Delete: { Objects, Quiet: true } }),
  )
  if (Errors.length > 0) throw CloudFailure.conflict(`DeleteObjects left ${Errors.length} objects: ${Errors[0]?.Code}`)
  return { deleted: Objects.length, isEmpty: page.IsTruncated !== true }
}
