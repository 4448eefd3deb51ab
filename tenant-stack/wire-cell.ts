import { parseCellEnvironment } from '#shared/contracts/cell-environment.ts'
import { ROUTER_QUEUE } from '#shared/contracts/cell-inlet.ts'
import { CELL_TABLE_SCOPE, type CellRoute } from '#shared/contracts/cell-routes.ts'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import { copyObject } from '#shared/platform/aws/object-copies.ts'
import { createS3Blobs } from '#shared/platform/aws/s3-blobs.ts'
import { createS3Client } from '#shared/platform/aws/s3-client.ts'
import { createSnsClient } from '#shared/platform/aws/sns-client.ts'
import { createSnsTopics } from '#shared/platform/aws/sns-topics.ts'
import { createSqsClient } from '#shared/platform/aws/sqs-client.ts'
import { createSqsQueues } from '#shared/platform/aws/sqs-queues.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import type { CellCtx } from './cell/context.ts'

/** Chooses every implementation of the cell's router and sweep. Throws `environment.invalid` when template and contract disagree. */
export function wireCell(env: Readonly<Record<string, string | undefined>>): CellCtx {
  const { tableName, inletBucketName, queueUrlPrefix } = parseCellEnvironment(env)
  const clock = systemClock
  const s3 = createS3Client()
  const sns = createSnsClient()
  const queueUrls = Object.fromEntries(
    [ROUTER_QUEUE, `${ROUTER_QUEUE}-dlq`].map((queueName) => [queueName, `${queueUrlPrefix}${queueName}`]),
  )
  return {
    table: createDynamoTable({ client: createDynamoClient(), tableName, tenantId: CELL_TABLE_SCOPE, clock }),
    inlet: createS3Blobs({ client: s3, bucketName: inletBucketName, prefix: '' }),
    openDoor: ({ bucketName, mailTopicArn }: CellRoute) => {
      const blobs = createS3Blobs({ client: s3, bucketName, prefix: '' })
      const topics = createSnsTopics({ client: sns, topicArns: { 'mail-received': mailTopicArn } })
      return {
        copyFromInlet: (key, blobKey) =>
          copyObject(s3, { bucketName: inletBucketName, key }, { bucketName, key: blobKey }),
        put: (blobKey, bytes) => blobs.put(blobKey, bytes),
        notify: (body) => topics.publish('mail-received', body),
      }
    },
    queues: createSqsQueues({ client: createSqsClient(), queueUrls }),
    clock,
    log: createJsonLog({ clock, writeLine: (line) => void process.stderr.write(line) }),
  }
}
