import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

type Props = {
  readonly functionName: string
  readonly queueArn: string
  readonly batchSize: number
  /** Invocations at once, 2 or more: bounds this source without taking concurrency away from the account. */
  readonly concurrency: number
}

/** A queue that feeds a function, which answers for each record. */
export class QueueSource extends CfnEventSourceMapping {
  constructor(scope: Construct, id: string, { functionName, queueArn, batchSize, concurrency }: Props) {
    super(scope, id, {
      functionName,
      eventSourceArn: queueArn,
      batchSize,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: concurrency },
    })
  }
}
