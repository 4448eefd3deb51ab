import { Aws } from 'aws-cdk-lib'
import { pipelineNames, type SweepName, sweeps as sweepRates } from '#tenant-stack/manifest.ts'
import type { BundledFunction } from '../../constructs/bundled-function.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueAlarms } from '../../constructs/queue-alarms.ts'
import { QueueDashboard } from '../../constructs/queue-dashboard.ts'
import { ServiceRole } from '../../constructs/service-role.ts'
import { allow } from '../../constructs/statements.ts'
import { SweepMetrics } from '../../constructs/sweep-metrics.ts'
import { TimedCall } from '../../constructs/timed-call.ts'
import { type Estate, permissionsBoundary } from './roles.ts'

/** Timed sweeps, the metrics that a cell's one alarm reads, and outside a cell alarms and a dashboard of the stack's own. */
export function tenantWatching(stack: PlainStack, estate: Estate, sweeps: BundledFunction): void {
  const { conditions, parameters, messaging, logGroup } = estate
  const schedulerRole = new ServiceRole(stack, 'SchedulerRole', {
    service: 'scheduler.amazonaws.com',
    statements: [allow(['lambda:InvokeFunction'], [sweeps.attrArn])],
    permissionsBoundary: permissionsBoundary(estate),
    trustOnlyIf: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  })
  for (const name of sweepNames())
    new TimedCall(stack, `${pascalCase(name)}Sweep`, {
      name,
      everySeconds: sweepRates[name].everySeconds,
      functionArn: sweeps.attrArn,
      roleArn: schedulerRole.attrArn,
      input: { sweep: name },
    })
  new SweepMetrics(stack, 'Sweep', { logGroupName: logGroup.ref })
  for (const name of pipelineNames())
    new QueueAlarms(stack, `${pascalCase(name)}Alarms`, {
      queue: messaging.queue(name),
      condition: conditions.outsideCell,
      alarmTopicArn: parameters.alarmTopicArn,
      hasAlarmTopic: conditions.hasAlarmTopic,
    })
  new QueueDashboard(stack, 'Dashboard', {
    name: 'queues',
    queues: messaging.queues,
    condition: conditions.outsideCell,
  })
}

function sweepNames(): readonly SweepName[] {
  const isSweep = (name: string): name is SweepName => name in sweepRates
  return Object.keys(sweepRates).filter(isSweep)
}
