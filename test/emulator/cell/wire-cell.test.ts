import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { inletKey } from '#shared/contracts/cell-inlet.ts'
import { cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { inboundBlobKey, MailReceived } from '#shared/contracts/notices.ts'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createS3Blobs } from '#shared/platform/aws/s3-blobs.ts'
import { createS3Client } from '#shared/platform/aws/s3-client.ts'
import { createSnsClient } from '#shared/platform/aws/sns-client.ts'
import { createSqsClient } from '#shared/platform/aws/sqs-client.ts'
import type { CellCtx } from '#tenant-stack/cell/context.ts'
import { routeMail } from '#tenant-stack/cell/route-mail.ts'
import { watchCell } from '#tenant-stack/cell/watch-cell.ts'
import { wireCell } from '#tenant-stack/wire-cell.ts'
import { SENT, sesMail } from '#test/cell/ses-mail.ts'
import { receiptFor, SES_ID, textOf } from '#test/cell/test-cell.ts'
import { freshName } from '#test/contract/contract-case.ts'
import { makeTable } from '#test/harness/emulator/make-table.ts'
import { pointSdkAt, TEST_ACCOUNT_ID } from '#test/harness/emulator/sdk-environment.ts'

const names = {
  table: freshName('table'),
  inlet: freshName('inlet'),
  a: freshName('tenant-a'),
  b: freshName('tenant-b'),
}
const queues = new Map<string, string>()
let ctx: CellCtx

beforeAll(async () => {
  const endpoint = inject('emulatorEndpoint')
  pointSdkAt(endpoint)
  const [s3, sns, sqs] = [createS3Client({ forcePathStyle: true }), createSnsClient(), createSqsClient()]
  await makeTable(createDynamoClient(), names.table)
  for (const Bucket of [names.inlet, names.a, names.b]) await s3.send(new CreateBucketCommand({ Bucket }))
  const prefix = `${freshName('cell')}-`
  for (const name of ['router', 'router-dlq']) await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}${name}` }))
  ctx = wireCell({
    CONVOKE_CELL_TABLE: names.table,
    CONVOKE_CELL_INLET_BUCKET: names.inlet,
    CONVOKE_CELL_QUEUE_URL_PREFIX: `${endpoint}/${TEST_ACCOUNT_ID}/${prefix}`,
  })
  for (const [bucketName, domainName] of [
    [names.a, 'events.example.com'],
    [names.b, 'events.example.org'],
  ] as const) {
    const { TopicArn: mailTopicArn = '' } = await sns.send(
      new CreateTopicCommand({ Name: `${bucketName}-mail-received` }),
    )
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${bucketName}-inlet` }))
    const Endpoint = `arn:aws:sqs:${mailTopicArn.split(':')[3]}:${TEST_ACCOUNT_ID}:${bucketName}-inlet`
    const subscription = {
      TopicArn: mailTopicArn,
      Protocol: 'sqs',
      Endpoint,
      Attributes: { RawMessageDelivery: 'true' },
    }
    await sns.send(new SubscribeCommand(subscription))
    queues.set(bucketName, QueueUrl)
    const route = { domainName, tenantId: bucketName, bucketName, mailTopicArn, status: 'active' }
    await ctx.table.write({ kind: 'put', item: { ...cellRouteKey(domainName), ...route } })
  }
})

async function receive(raw: string, sesId: string): Promise<void> {
  const object = { Bucket: names.inlet, Key: inletKey(sesId), Body: Buffer.from(raw, 'latin1') }
  await createS3Client({ forcePathStyle: true }).send(new PutObjectCommand(object))
}

function copyOf(bucketName: string, sesId: string): Promise<string | undefined> {
  const client = createS3Client({ forcePathStyle: true })
  return textOf(createS3Blobs({ client, bucketName, prefix: '' }), inboundBlobKey(`mail_${sesId}`))
}

async function noticesOf(bucketName: string): Promise<readonly MailReceived[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queues.get(bucketName),
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
  })
  const { Messages = [] } = await createSqsClient().send(command)
  return Messages.map(({ Body = '' }) => MailReceived.parse(JSON.parse(Body)))
}

describe('the cell on AWS', () => {
  it('copies a mail of one tenant inside S3, byte for byte', async () => {
    const raw = sesMail('create@events.example.com', 'alone0id')
    await receive(raw, 'alone0id')
    expect(await routeMail(ctx, receiptFor(['create@events.example.com'], 'alone0id'))).toBe('routed')
    expect(await copyOf(names.a, 'alone0id')).toBe(raw)
    expect(await ctx.inlet.head(inletKey('alone0id'))).toBeUndefined()
    expect(await routeMail(ctx, receiptFor(['create@events.example.com'], 'alone0id'))).toBe('already_routed')
    expect(await noticesOf(names.a)).toMatchObject([{ mailId: 'mail_alone0id', sizeBytes: raw.length }])
  })

  it('shows neither of two tenants the other', async () => {
    await receive(sesMail('create@events.example.org'), SES_ID)
    await routeMail(ctx, receiptFor(['create@events.example.com', 'create@events.example.org']))
    for (const [bucketName, own] of [
      [names.a, 'create@events.example.com'],
      [names.b, 'create@events.example.org'],
    ] as const) {
      expect((await noticesOf(bucketName)).map((notice) => notice.recipients)).toEqual([[own]])
      const copy = (await copyOf(bucketName, SES_ID)) ?? ''
      expect(copy.endsWith(SENT)).toBe(true)
      expect(copy.slice(0, -SENT.length)).not.toContain('events.example')
    }
  })

  it('tells a lost object from a lost bucket', async () => {
    await expect(routeMail(ctx, receiptFor(['create@events.example.com'], 'lost0id'))).rejects.toMatchObject({
      code: 'cell.object_missing',
    })
    const door = ctx.openDoor({
      domainName: 'events.example.com',
      tenantId: 'gone',
      bucketName: freshName('gone'),
      mailTopicArn: `arn:aws:sns:eu-central-1:${TEST_ACCOUNT_ID}:gone`,
      status: 'active',
    })
    await expect(door.copyFromInlet(inletKey('lost0id'), 'inbound/x')).rejects.toThrow(/bucket|exist/i)
    await receive(SENT, 'there0id')
    await expect(door.copyFromInlet(inletKey('there0id'), 'inbound/x')).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })

  it('looks at its queue and its dead letters', async () => {
    await expect(watchCell(ctx, { until: 0 })).resolves.toBeUndefined()
  })
})
