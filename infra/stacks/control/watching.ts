import { Aws } from 'aws-cdk-lib'
import { controlQueueNames, controlSweepNames, controlSweeps } from '#control-plane/manifest.ts'
import type { BundledFunction } from '../../constructs/bundled-function.ts'
import { FunctionAlarms } from '../../constructs/function-alarms.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueAlarms } from '../../constructs/queue-alarms.ts'
import { QueueDashboard } from '../../constructs/queue-dashboard.ts'
import { ServiceRole } from '../../constructs/service-role.ts'
import { allow } from '../../constructs/statements.ts'
import { TimedCall } from '../../constructs/timed-call.ts'
import type { ControlEstate } from './roles.ts'

/** The sweeps by their schedules, and alarms: a queue's, a tick that is not heard of, a front that fails. */
export function controlWatching(
  stack: PlainStack,
  { messaging, parameters, conditions }: ControlEstate,
  { front, sweeps }: { readonly front: BundledFunction; readonly sweeps: BundledFunction },
): void {
  const schedulerRole = new ServiceRole(stack, 'SchedulerRole', {
    service: 'scheduler.amazonaws.com',
    statements: [allow(['lambda:InvokeFunction'], [sweeps.attrArn])],
    trustOnlyIf: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  })
  for (const name of controlSweepNames())
    new TimedCall(stack, `${pascalCase(name)}Sweep`, {
      name,
      everySeconds: controlSweeps[name].everySeconds,
      functionArn: sweeps.attrArn,
      roleArn: schedulerRole.attrArn,
      input: { sweep: name },
    })
  const alarm = { alarmTopicArn: parameters.alarmTopicArn, hasAlarmTopic: conditions.hasAlarmTopic }
  for (const name of controlQueueNames())
    new QueueAlarms(stack, `${pascalCase(name)}Alarms`, { queue: messaging.queue(name), ...alarm })
  // Without the tick nothing that waits is ever told, and no queue shows it.
  new FunctionAlarms(stack, 'SweepsAlarms', { functionName: sweeps.ref, isCalledAlways: true, ...alarm })
  new FunctionAlarms(stack, 'FrontAlarms', { functionName: front.ref, isCalledAlways: false, ...alarm })
  new QueueDashboard(stack, 'Dashboard', { name: 'queues', queues: messaging.queues })
}
