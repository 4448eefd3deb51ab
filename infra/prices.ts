import { sweeps } from '#tenant-stack/manifest.ts'
import { capacityOf } from './capacity.ts'
import { createResolver } from './template/resolver.ts'
import { cellParameters } from './template/sample-parameters.ts'
import type { Template } from './template/template.ts'

/** USD, us-east-1, on demand, without free tiers; list prices of 2025 and 2026 by service, to be read again before anybody is shown one. */
const price = {
  /** Amazon SQS pricing, standard queues: per request. */
  sqsRequest: 0.4e-6,
  /** AWS Lambda pricing: per request, and per GB-second on arm64. */
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  /** Amazon DynamoDB pricing, on demand: per read request unit and per write request unit. */
  readUnit: 0.125e-6,
  writeUnit: 0.625e-6,
  /** Amazon SNS pricing: per publish of up to 64 KB; what goes to SQS is not charged. */
  snsPublish: 0.5e-6,
  /** Amazon EventBridge pricing, Scheduler: per invocation. */
  scheduledCall: 1e-6,
  /** Amazon S3 pricing: per LIST. */
  s3List: 0.005e-3,
  s3Put: 0.005e-3,
  s3Get: 0.0004e-3,
  /** Amazon CloudWatch pricing: per GB of logs taken in; per custom metric, alarm and dashboard a month. */
  logGb: 0.5,
  customMetric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  /** Amazon Route 53 pricing: a zone, as the first 25 of an account cost. */
  zone: 0.5,
  /** Amazon SES pricing: a tenant a month. */
  sesTenant: 0.005,
} as const

const SECONDS_A_MONTH = 730 * 3600

/** AWS Lambda, "Using Lambda with Amazon SQS": five pollers wait at an idle queue, each for 20 seconds at a time. */
const POLLERS = 5
const POLL_SECONDS = 20

/** Measured on nothing yet: what an idle sweep takes, and how much it logs. */
const SWEEP_SECONDS = { inbound: 0.3, unfinished: 0.2, queues: 0.5, tell: 0.5 } as const
const SWEEP_LOG_BYTES = 300

/** Index partitions that a look for unfinished work reads; an empty answer costs half a unit. */
const UNFINISHED_SHARDS = 8
const EMPTY_READ_UNITS = 0.5

export type CostLine = { readonly line: string; readonly usd: number }

/** What a tenant costs in a month in which nothing happens, line by line; in a cell, whose two metrics are shared by all in it. */
export function idleCosts(template: Template): readonly CostLine[] {
  const present = createResolver(template, cellParameters).present()
  const count = (type: string) => present.filter(([, resource]) => resource.Type === type).length
  const calls = {
    inbound: SECONDS_A_MONTH / sweeps.inbound.everySeconds,
    unfinished: SECONDS_A_MONTH / sweeps.unfinished.everySeconds,
    queues: SECONDS_A_MONTH / sweeps.queues.everySeconds,
    tell: SECONDS_A_MONTH / sweeps.tell.everySeconds,
  }
  const allCalls = calls.inbound + calls.unfinished + calls.queues + calls.tell
  const seconds =
    calls.inbound * SWEEP_SECONDS.inbound +
    calls.unfinished * SWEEP_SECONDS.unfinished +
    calls.queues * SWEEP_SECONDS.queues +
    calls.tell * SWEEP_SECONDS.tell
  const polls = count('AWS::Lambda::EventSourceMapping') * POLLERS * (SECONDS_A_MONTH / POLL_SECONDS)
  const tenants = capacityOf(template, 'atFirst').tenants
  return [
    { line: 'SQS: pollers at idle queues', usd: polls * price.sqsRequest },
    {
      line: 'SQS: depth of every queue',
      usd: (calls.queues + calls.tell) * count('AWS::SQS::Queue') * price.sqsRequest,
    },
    { line: 'Lambda: requests of sweeps', usd: allCalls * price.lambdaRequest },
    { line: 'Lambda: GB-seconds of sweeps', usd: seconds * (sweepsMemoryMb(present) / 1024) * price.lambdaGbSecond },
    {
      line: 'DynamoDB: looks for unfinished work',
      usd: (calls.unfinished + calls.queues + calls.tell) * UNFINISHED_SHARDS * EMPTY_READ_UNITS * price.readUnit,
    },
    { line: 'Scheduler', usd: allCalls * price.scheduledCall },
    { line: 'S3: lists of the inbound sweep', usd: calls.inbound * price.s3List },
    { line: 'CloudWatch: logs', usd: ((allCalls * SWEEP_LOG_BYTES) / 1e9) * price.logGb },
    {
      line: 'CloudWatch: share of the custom metrics',
      usd: (count('AWS::Logs::MetricFilter') * price.customMetric) / tenants,
    },
    { line: 'CloudWatch: alarms', usd: count('AWS::CloudWatch::Alarm') * price.alarm },
    { line: 'CloudWatch: dashboards', usd: count('AWS::CloudWatch::Dashboard') * price.dashboard },
    { line: 'Route 53: zone', usd: price.zone },
    { line: 'SES: tenant', usd: count('AWS::SES::Tenant') * price.sesTenant },
  ]
}

/** What was used, in the units of each service. */
export type Usage = {
  readonly writeUnits: number
  readonly readUnits: number
  readonly publishes: number
  readonly queueRequests: number
  readonly invocations: number
  readonly functionGbSeconds: number
  readonly puts: number
  readonly gets: number
}

/** What a use of the services costs, line by line. */
export function usageCosts(usage: Usage): readonly CostLine[] {
  return [
    { line: 'DynamoDB: writes', usd: usage.writeUnits * price.writeUnit },
    { line: 'DynamoDB: reads', usd: usage.readUnits * price.readUnit },
    { line: 'SNS: publishes', usd: usage.publishes * price.snsPublish },
    { line: 'SQS: requests', usd: usage.queueRequests * price.sqsRequest },
    { line: 'Lambda: requests', usd: usage.invocations * price.lambdaRequest },
    { line: 'Lambda: GB-seconds', usd: usage.functionGbSeconds * price.lambdaGbSecond },
    { line: 'S3: puts', usd: usage.puts * price.s3Put },
    { line: 'S3: gets', usd: usage.gets * price.s3Get },
  ]
}

export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0)
}

function sweepsMemoryMb(present: ReturnType<ReturnType<typeof createResolver>['present']>): number {
  const memory = present.find(([logicalId]) => logicalId === 'SweepsFunction')?.[1].Properties.MemorySize
  if (typeof memory !== 'number') throw new Error('SweepsFunction says no memory size')
  return memory
}
