import { CreateTopicCommand, DeleteTopicCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { QueueDefinition } from '#shared/platform/queue.ts'

export type MadeQueues = {
  readonly queueUrls: Readonly<Record<string, string>>
  readonly topicArns: Readonly<Record<string, string>>
  readonly remove: () => Promise<void>
}

/** Queues, dead-letter queues, topics and raw subscriptions as the stack makes them, their names with a stem before. */
export async function makeQueues(
  clients: { readonly sqs: SQSClient; readonly sns: SNSClient },
  definitions: readonly QueueDefinition[],
  stem: string,
): Promise<MadeQueues> {
  const { sqs, sns } = clients
  const queueUrls: Record<string, string> = {}
  const topicArns: Record<string, string> = {}

  async function makeQueue(name: string, attributes: Partial<Record<QueueAttributeName, string>>): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: `${stem}-${name}`, Attributes: attributes }),
    )
    queueUrls[name] = QueueUrl
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
    return (await sqs.send(asked)).Attributes?.QueueArn ?? ''
  }

  for (const topicName of new Set(definitions.flatMap(({ topicNames }) => topicNames))) {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `${stem}-${topicName}` }))
    topicArns[topicName] = TopicArn
  }
  for (const { queueName, topicNames, visibilitySeconds, maxReceives } of definitions) {
    const deadLetterTargetArn = await makeQueue(`${queueName}-dlq`, {})
    const queueArn = await makeQueue(queueName, {
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: maxReceives }),
    })
    for (const topicName of topicNames)
      await sns.send(
        new SubscribeCommand({
          TopicArn: topicArns[topicName],
          Protocol: 'sqs',
          Endpoint: queueArn,
          Attributes: { RawMessageDelivery: 'true' },
        }),
      )
  }
  return {
    queueUrls,
    topicArns,
    async remove() {
      for (const TopicArn of Object.values(topicArns)) await sns.send(new DeleteTopicCommand({ TopicArn }))
      for (const QueueUrl of Object.values(queueUrls)) await sqs.send(new DeleteQueueCommand({ QueueUrl }))
    },
  }
}
