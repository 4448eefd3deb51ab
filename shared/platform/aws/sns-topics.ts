import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import { QueueFailure, type Topics } from '../queue.ts'
import { assertBody } from '../queue-rules.ts'
import { errorName } from './sdk-error.ts'

export type SnsTopicsOptions = {
  readonly client: SNSClient
  /** By our topic names; the queues' subscriptions must have RawMessageDelivery. */
  readonly topicArns: Readonly<Record<string, string>>
}

/** Topics on SNS; trouble of the network is thrown as the SDK gives it. */
export function createSnsTopics({ client, topicArns }: SnsTopicsOptions): Topics {
  return {
    async publish(topicName, body) {
      const TopicArn = Object.hasOwn(topicArns, topicName) ? topicArns[topicName] : undefined
      if (TopicArn === undefined) throw QueueFailure.unknown_topic(`there is no topic ${topicName}`)
      assertBody(body)
      try {
        await client.send(new PublishCommand({ TopicArn, Message: body }))
      } catch (error) {
        const isGone = errorName(error) === 'NotFoundException'
        throw isGone ? QueueFailure.unknown_topic(`there is no topic ${topicName}`, { cause: error }) : error
      }
    },
  }
}
