import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { nameInStack, queueArnOf } from './names.ts'
import { policyDocument, refuseWithoutTls, type Statement } from './statements.ts'

/** SQS keeps a message 14 days at most: as long as a person may need to look. */
const DEAD_LETTER_SECONDS = 14 * 86_400

type Props = {
  /** Name within the stack; the dead-letter queue is `<name>-dlq`. */
  readonly name: string
  readonly visibilitySeconds: number
  readonly maxReceives: number
  /** Topics that may send, to the queue and, what they could not deliver, to its dead-letter queue. */
  readonly topicArns: readonly string[]
  /** Roles of other accounts that may send to the queue. */
  readonly senders?: (queueArn: string) => readonly Statement[]
}

/** A queue and its dead-letter queue: encrypted by SQS, TLS only, filled by the given topics and senders alone. */
export class QueueWithDeadLetters extends Construct {
  readonly queueName: string
  readonly queueArn: string
  readonly queueUrl: string
  readonly deadLetterName: string
  readonly deadLetterArn: string

  constructor(scope: Construct, id: string, { name, visibilitySeconds, maxReceives, topicArns, senders }: Props) {
    super(scope, id)
    const deadLetters = new CfnQueue(this, 'DeadLetters', {
      queueName: nameInStack(`${name}-dlq`),
      messageRetentionPeriod: DEAD_LETTER_SECONDS,
      sqsManagedSseEnabled: true,
      // By name: a reference to the queue would make a circle.
      redriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArnOf(name)] },
    })
    const queue = new CfnQueue(this, 'Queue', {
      queueName: nameInStack(name),
      visibilityTimeout: visibilitySeconds,
      sqsManagedSseEnabled: true,
      redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: maxReceives },
    })
    this.restrict('QueuePolicy', queue, [
      ...sendingTopics(queue.attrArn, topicArns),
      ...(senders?.(queue.attrArn) ?? []),
    ])
    this.restrict('DeadLettersPolicy', deadLetters, sendingTopics(deadLetters.attrArn, topicArns))
    this.queueName = queue.attrQueueName
    this.queueArn = queue.attrArn
    this.queueUrl = queue.ref
    this.deadLetterName = deadLetters.attrQueueName
    this.deadLetterArn = deadLetters.attrArn
  }

  private restrict(id: string, queue: CfnQueue, senders: readonly Statement[]): void {
    const statements = [refuseWithoutTls('sqs:*', [queue.attrArn]), ...senders]
    new CfnQueuePolicy(this, id, { queues: [queue.ref], policyDocument: policyDocument(statements) })
  }
}

function sendingTopics(queueArn: string, topicArns: readonly string[]): readonly Statement[] {
  if (topicArns.length === 0) return []
  return [
    {
      Sid: 'FromTopics',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['sqs:SendMessage'],
      Resource: [queueArn],
      Condition: { ArnEquals: { 'aws:SourceArn': topicArns } },
    },
  ]
}
