import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/** Without dimensions, all tenants of an account share two custom metrics, which are billed one by one. */
export const SWEEP_NAMESPACE = 'Convoke'

/** What the sweep of the queues logs, as metrics: `{"at":"queues.watched","deadLetters":n,"oldestOverdueSeconds":n}`. */
export const sweepMetrics = { DeadLetters: 'deadLetters', OldestOverdueSeconds: 'oldestOverdueSeconds' } as const

/** Makes the account's two metrics from the lines of one log group. */
export class SweepMetrics extends Construct {
  constructor(scope: Construct, id: string, { logGroupName }: { readonly logGroupName: string }) {
    super(scope, id)
    for (const [metricName, field] of Object.entries(sweepMetrics))
      new CfnMetricFilter(this, metricName, {
        logGroupName,
        filterPattern: '{ $.at = "queues.watched" }',
        metricTransformations: [{ metricNamespace: SWEEP_NAMESPACE, metricName, metricValue: `$.${field}` }],
      })
  }
}
