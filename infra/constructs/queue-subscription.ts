import { CfnSubscription } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts'

/** A topic's bodies, as they were published, into a queue; what SNS cannot deliver goes to the queue's own dead letters. */
export class QueueSubscription extends CfnSubscription {
  constructor(
    scope: Construct,
    id: string,
    { topicArn, queue }: { readonly topicArn: string; readonly queue: QueueWithDeadLetters },
  ) {
    super(scope, id, {
      topicArn,
      protocol: 'sqs',
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
      redrivePolicy: { deadLetterTargetArn: queue.deadLetterArn },
    })
  }
}
