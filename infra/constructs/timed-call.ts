import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import type { Construct } from 'constructs'
import { nameInStack } from './names.ts'

type Props = {
  /** Name within the stack. */
  readonly name: string
  readonly everySeconds: number
  readonly functionArn: string
  /** Role that EventBridge Scheduler takes on. */
  readonly roleArn: string
  /** What the function is called with. */
  readonly input: Readonly<Record<string, string>>
}

/** Calls a function at a fixed rate; a call that failed is not made up for after the next one is due. */
export class TimedCall extends CfnSchedule {
  constructor(scope: Construct, id: string, { name, everySeconds, functionArn, roleArn, input }: Props) {
    super(scope, id, {
      name: nameInStack(name),
      scheduleExpression: rateOf(everySeconds),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn,
        input: JSON.stringify(input),
        retryPolicy: { maximumEventAgeInSeconds: everySeconds, maximumRetryAttempts: 2 },
      },
    })
  }
}

/** `rate(1 minute)`, `rate(15 minutes)`. Throws for what is not whole minutes: Scheduler knows nothing finer. */
export function rateOf(everySeconds: number): string {
  const minutes = everySeconds / 60
  if (!Number.isInteger(minutes) || minutes < 1) throw new Error(`${everySeconds} s are not whole minutes`)
  return `rate(${minutes} minute${minutes === 1 ? '' : 's'})`
}
