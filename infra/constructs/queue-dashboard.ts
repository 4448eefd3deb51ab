import { Aws, type CfnCondition, Stack } from 'aws-cdk-lib'
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { nameInStack, slot } from './names.ts'
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts'

type Props = {
  readonly name: string
  readonly queues: readonly QueueWithDeadLetters[]
  /** Absent: always. */
  readonly condition?: CfnCondition
}

/** Depth, dead letters and age of every queue on one page. */
export class QueueDashboard extends CfnDashboard {
  constructor(scope: Construct, id: string, { name, queues, condition }: Props) {
    const widget = (title: string, metricName: string, names: readonly string[], y: number) => ({
      type: 'metric',
      x: 0,
      y,
      width: 24,
      height: 6,
      properties: {
        title,
        region: Aws.REGION,
        stat: 'Maximum',
        period: 300,
        metrics: names.map((queueName) => ['AWS/SQS', metricName, 'QueueName', queueName]),
      },
    })
    const names = queues.map(({ queueName }) => queueName)
    const deadLetters = queues.map(({ deadLetterName }) => deadLetterName)
    super(scope, id, {
      // Dashboards have no region: two stacks of one name would write over each other's.
      dashboardName: nameInStack(`${name}-${slot('AWS::Region')}`),
      dashboardBody: Stack.of(scope).toJsonString({
        widgets: [
          widget('Waiting', 'ApproximateNumberOfMessagesVisible', names, 0),
          widget('Age of the oldest, seconds', 'ApproximateAgeOfOldestMessage', names, 6),
          widget('Dead letters', 'ApproximateNumberOfMessagesVisible', deadLetters, 12),
        ],
      }),
    })
    if (condition !== undefined) this.cfnOptions.condition = condition
  }
}
