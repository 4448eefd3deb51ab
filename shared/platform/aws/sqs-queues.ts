import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { QueueFailure, type QueueMessage, type Queues } from '../queue.ts'
import { assertBody, assertRange, DELAY_SECONDS_MAX, RECEIVE_MAX, VISIBILITY_SECONDS_MAX } from '../queue-rules.ts'
import { queueFailure } from './sqs-error.ts'

export type SqsQueuesOptions = {
  readonly client: SQSClient
  /** By our queue names, dead-letter queues included where they are used. */
  readonly queueUrls: Readonly<Record<string, string>>
}

/** Queues on SQS; trouble of the network is thrown as the SDK gives it. */
export function createSqsQueues({ client, queueUrls }: SqsQueuesOptions): Queues {
  function urlOf(queueName: string): string {
    const url = Object.hasOwn(queueUrls, queueName) ? queueUrls[queueName] : undefined
    if (url === undefined) throw QueueFailure.unknown_queue(`there is no queue ${queueName}`)
    return url
  }

  async function named<T>(queueName: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw queueFailure(error, queueName)
    }
  }

  return {
    async send(queueName, body, options = {}) {
      const QueueUrl = urlOf(queueName)
      assertBody(body)
      const { delaySeconds = 0 } = options
      assertRange('delaySeconds', delaySeconds, 0, DELAY_SECONDS_MAX)
      const command = new SendMessageCommand({ QueueUrl, MessageBody: body, DelaySeconds: delaySeconds })
      await named(queueName, () => client.send(command))
    },
    async receive(queueName, { max, visibilitySeconds }) {
      const QueueUrl = urlOf(queueName)
      assertRange('max', max, 1, RECEIVE_MAX)
      if (visibilitySeconds !== undefined)
        assertRange('visibilitySeconds', visibilitySeconds, 0, VISIBILITY_SECONDS_MAX)
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: max,
        // The queue's own default may be a long poll.
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        ...(visibilitySeconds === undefined ? {} : { VisibilityTimeout: visibilitySeconds }),
      })
      const { Messages = [] } = await named(queueName, () => client.send(command))
      return Messages.map(readMessage)
    },
    async delete(queueName, receiptHandle) {
      const command = new DeleteMessageCommand({ QueueUrl: urlOf(queueName), ReceiptHandle: receiptHandle })
      await named(queueName, () => client.send(command))
    },
    async changeVisibility(queueName, receiptHandle, visibilitySeconds) {
      const QueueUrl = urlOf(queueName)
      assertRange('visibilitySeconds', visibilitySeconds, 0, VISIBILITY_SECONDS_MAX)
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: visibilitySeconds,
      })
      await named(queueName, () => client.send(command))
    },
    async depth(queueName) {
      const command = new GetQueueAttributesCommand({
        QueueUrl: urlOf(queueName),
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      })
      const { Attributes = {} } = await named(queueName, () => client.send(command))
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      }
    },
  }
}

function readMessage({ MessageId, ReceiptHandle, Body = '', Attributes = {} }: Message): QueueMessage {
  if (MessageId === undefined || ReceiptHandle === undefined)
    throw new Error('SQS gave a message without id or receipt')
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
    sentAt: Number(Attributes.SentTimestamp ?? 0),
  }
}
