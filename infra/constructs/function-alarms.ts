import { Aws, type CfnCondition, Fn, Validations } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'

const PERIOD_SECONDS = 300

/** One failure may be a deployment's or a neighbour's; three periods in a row are ours. */
const FAILING_PERIODS = 3
const SILENT_PERIODS = 2

type Props = {
  readonly functionName: string
  /** A schedule calls it in every period: silence is then an alarm too. */
  readonly isCalledAlways: boolean
  /** Topic that hears of it, or nothing. */
  readonly alarmTopicArn: string
  readonly hasAlarmTopic: CfnCondition
}

/** An alarm for a function that keeps failing, and one for a function that should be called and is not. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, { functionName, isCalledAlways, alarmTopicArn, hasAlarmTopic }: Props) {
    super(scope, id)
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'Where no topic is given, a condition leaves the actions out.',
    })
    const of = {
      namespace: 'AWS/Lambda',
      dimensions: [{ name: 'FunctionName', value: functionName }],
      statistic: 'Sum',
      period: PERIOD_SECONDS,
    }
    const failing = new CfnAlarm(this, 'Failing', {
      ...of,
      metricName: 'Errors',
      evaluationPeriods: FAILING_PERIODS,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'notBreaching',
    })
    const silent = isCalledAlways
      ? [
          new CfnAlarm(this, 'Silent', {
            ...of,
            metricName: 'Invocations',
            evaluationPeriods: SILENT_PERIODS,
            comparisonOperator: 'LessThanThreshold',
            threshold: 1,
            treatMissingData: 'breaching',
          }),
        ]
      : []
    for (const alarm of [failing, ...silent])
      alarm.addPropertyOverride('AlarmActions', Fn.conditionIf(hasAlarmTopic.logicalId, [alarmTopicArn], Aws.NO_VALUE))
  }
}
