import type { SQSEvent } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { controlQueueNames } from '#control-plane/manifest.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { queueFunction } from './queue-function.ts'

let plane: ControlPlaneInMemory
beforeEach(async () => {
  plane = await controlPlaneInMemory()
})
afterEach(() => plane.platform.close())

type Sent = { readonly queueName: string; readonly body: string; readonly senderId?: string }

const eventOf = (...sent: readonly Sent[]): SQSEvent => ({
  Records: sent.map(({ queueName, body, senderId = 'x' }, index) => ({
    messageId: `id-${index}`,
    receiptHandle: 'handle',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: senderId,
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:222222222222:baseline-control-plane-${queueName}`,
    awsRegion: 'eu-west-1',
  })),
})

const lambdaContext = { getRemainingTimeInMillis: () => 60_000 }

/** A function of two queues, and what it was asked. */
function functionOfTwo() {
  const seen: unknown[] = []
  const note = (queueName: string) => async (_: unknown, body: string) => {
    const parsed: unknown = JSON.parse(body)
    if (parsed === 'bad') throw new Error('it went wrong')
    seen.push([queueName, parsed])
  }
  const work = { 'mail-due': note('mail-due'), 'licence-due': note('licence-due') }
  const handler = queueFunction(async () => plane.ctxOf(), work)
  return { seen, handle: (sqsEvent: SQSEvent) => handler(sqsEvent, lambdaContext) }
}

describe('a function that several queues feed', () => {
  it('does the work of the queue that each record came from', async () => {
    const { seen, handle } = functionOfTwo()
    const answer = await handle(
      eventOf({ queueName: 'mail-due', body: '{"a":1}' }, { queueName: 'licence-due', body: '{"b":2}' }),
    )
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(seen).toEqual([
      ['mail-due', { a: 1 }],
      ['licence-due', { b: 2 }],
    ])
  })

  it('reports the failed, the unreadable and those of a strange queue alone', async () => {
    const { seen, handle } = functionOfTwo()
    const { batchItemFailures } = await handle(
      eventOf(
        { queueName: 'mail-due', body: '"bad"' },
        { queueName: 'mail-due', body: 'ana@example.org' },
        { queueName: 'provision', body: '1' },
        { queueName: 'licence-due', body: '2' },
      ),
    )
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['id-0', 'id-1', 'id-2'])
    expect(seen).toEqual([['licence-due', 2]])
  })

  it('says whose stack a record is of, as SQS tells it', async () => {
    const senders: unknown[] = []
    const work = { 'tenant-notice': async (...[, , sender]: readonly unknown[]) => void senders.push(sender) }
    const handler = queueFunction(async () => plane.ctxOf(), work)
    const notice = { queueName: 'tenant-notice', body: '{}' }
    const own = { ...notice, senderId: 'AROAJ3ZGMT746QFJO6ZL4:convoke-one-sweeps' }
    await handler(eventOf(own, { ...notice, senderId: 'AIDAIT2UOQQY3AUEKVGXU' }), lambdaContext)
    expect(senders).toEqual([{ senderStackName: 'convoke-one' }, { senderStackName: '' }])
  })

  it('cannot take one queue for another: no queue’s name ends as another’s does', () => {
    for (const one of controlQueueNames())
      expect(controlQueueNames().filter((other) => other !== one && other.endsWith(`-${one}`))).toEqual([])
  })
})
