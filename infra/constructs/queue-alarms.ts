import { Aws, type CfnCondition, Fn, type IResolvable, Validations } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts'

/** Three tries of the slowest pipeline (720 s of visibility) and still not done. */
const OLDEST_SECONDS_MAX = 2400
const PERIOD_SECONDS = 300

type Props = {
  readonly queue: QueueWithDeadLetters
  /** Where it does not hold, another thing watches the queue; absent: nothing else does. */
  readonly condition?: CfnCondition
  /** Topic that hears of it, or nothing. */
  readonly alarmTopicArn: string
  readonly hasAlarmTopic: CfnCondition
}

/** Two alarms for a queue: something ended in its dead letters; its oldest message waits too long. */
export class QueueAlarms extends Construct {
  constructor(scope: Construct, id: string, { queue, condition, alarmTopicArn, hasAlarmTopic }: Props) {
    super(scope, id)
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'Where no topic is given, a condition leaves the actions out.',
    })
    const alarmActions: IResolvable = Fn.conditionIf(hasAlarmTopic.logicalId, [alarmTopicArn], Aws.NO_VALUE)
    const rows = [
      ['DeadLetters', 'ApproximateNumberOfMessagesVisible', queue.deadLetterName, 0],
      ['Age', 'ApproximateAgeOfOldestMessage', queue.queueName, OLDEST_SECONDS_MAX],
    ] as const
    for (const [name, metricName, queueName, threshold] of rows) {
      const alarm = new CfnAlarm(this, name, {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: [{ name: 'QueueName', value: queueName }],
        statistic: 'Maximum',
        period: PERIOD_SECONDS,
        evaluationPeriods: 1,
        threshold,
        comparisonOperator: 'GreaterThanThreshold',
        treatMissingData: 'notBreaching',
      })
      alarm.addPropertyOverride('AlarmActions', alarmActions)
      if (condition !== undefined) alarm.cfnOptions.condition = condition
    }
  }
}
