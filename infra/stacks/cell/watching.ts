import { Aws, type CfnCondition, Fn, Stack, Validations } from 'aws-cdk-lib'
import { CfnAlarm, CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs'
import { nameInStack, slot } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import type { SharedLogGroup } from '../../constructs/shared-log-group.ts'
import { SWEEP_NAMESPACE, sweepMetrics } from '../../constructs/sweep-metrics.ts'
import { SWEEP_EVERY_SECONDS } from './functions.ts'

/** Three tries of a tenant's slowest pipeline, and two sweeps of the cell. */
const OVERDUE_SECONDS_MAX = 2400

/** What the cell's own sweep logs as `cell.watched`, by the metric it becomes. */
const cellMetrics = {
  CellDeadLetters: 'deadLetters',
  CellUnrouted: 'unrouted',
  CellOldestSeconds: 'oldestSeconds',
  CellWaiting: 'waiting',
} as const

/** Name of a metric, the threshold above which a person is called, and a short id for the alarm's formula. */
const watched = [
  ['DeadLetters', 0, 'd'],
  ['OldestOverdueSeconds', OVERDUE_SECONDS_MAX, 'o'],
  ['CellDeadLetters', 0, 'c'],
  ['CellUnrouted', 0, 'u'],
] as const

/** The cell's sweep says it in every period, whatever it found. */
const HEARTBEAT = 'CellUnrouted'

type Props = { readonly logGroup: SharedLogGroup; readonly alarmTopicArn: string; readonly hasAlarmTopic: CfnCondition }

/** The cell's metrics from its own lines; an alarm over them and the tenants' two, one on silence, and one page that shows them. */
export function cellWatching(stack: PlainStack, { logGroup, alarmTopicArn, hasAlarmTopic }: Props): void {
  for (const [metricName, field] of Object.entries(cellMetrics))
    filter(stack, logGroup, 'cell.watched', metricName, `$.${field}`)
  filter(stack, logGroup, 'cell.unclaimed', 'CellUnclaimed', '1')
  const alarm = new CfnAlarm(stack, 'Alarm', {
    alarmName: nameInStack('sweeps'),
    alarmDescription: 'Dead letters, overdue work or mail without a tenant, of any tenant of the cell.',
    metrics: [
      ...watched.map(([metricName, , id]) => ({
        id,
        returnData: false,
        metricStat: {
          metric: { namespace: SWEEP_NAMESPACE, metricName },
          period: SWEEP_EVERY_SECONDS,
          stat: 'Maximum',
        },
      })),
      // Nothing reported is no reason here: metric math takes it for 0, and silence has an alarm of its own.
      {
        id: 'bad',
        label: 'What is wrong',
        expression: `IF(${watched.map(([, most, id]) => overOf(id, most)).join(' OR ')}, 1, 0)`,
      },
    ],
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    treatMissingData: 'missing',
  })
  const silence = new CfnAlarm(stack, 'SilenceAlarm', {
    alarmName: nameInStack('silence'),
    alarmDescription: 'The sweep of the cell is not heard of: nobody would notice mail that is stuck.',
    namespace: SWEEP_NAMESPACE,
    metricName: HEARTBEAT,
    statistic: 'SampleCount',
    period: SWEEP_EVERY_SECONDS,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    treatMissingData: 'breaching',
  })
  for (const one of [alarm, silence]) {
    Validations.of(one).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'Where no topic is given, a condition leaves the actions out.',
    })
    one.addPropertyOverride('AlarmActions', Fn.conditionIf(hasAlarmTopic.logicalId, [alarmTopicArn], Aws.NO_VALUE))
  }
  new CfnDashboard(stack, 'Dashboard', {
    dashboardName: nameInStack(`sweeps-${slot('AWS::Region')}`),
    dashboardBody: Stack.of(stack).toJsonString(page()),
  })
}

function overOf(id: string, most: number): string {
  return `FILL(${id}, 0) > ${most}`
}

function filter(
  stack: PlainStack,
  logGroup: SharedLogGroup,
  at: string,
  metricName: string,
  metricValue: string,
): void {
  new CfnMetricFilter(stack, metricName, {
    logGroupName: logGroup.ref,
    filterPattern: `{ $.at = "${at}" }`,
    metricTransformations: [{ metricNamespace: SWEEP_NAMESPACE, metricName, metricValue }],
  })
}

function page() {
  const titles = [
    ['Tenants', Object.keys(sweepMetrics), 'Maximum'],
    ['The cell’s mail', Object.keys(cellMetrics), 'Maximum'],
    ['Mail for nobody', ['CellUnclaimed'], 'Sum'],
  ] as const
  return {
    widgets: titles.map(([title, names, stat], index) => ({
      type: 'metric',
      x: 0,
      y: index * 6,
      width: 24,
      height: 6,
      properties: {
        title,
        region: Aws.REGION,
        stat,
        period: SWEEP_EVERY_SECONDS,
        metrics: names.map((metricName) => [SWEEP_NAMESPACE, metricName]),
      },
    })),
  }
}
