import { Aws, Fn } from 'aws-cdk-lib'
import type { CellVariables } from '#shared/contracts/cell-environment.ts'
import { INLET_PREFIX, UNCLAIMED_PREFIX } from '#shared/contracts/cell-inlet.ts'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { BundledFunction } from '../../constructs/bundled-function.ts'
import type { KeyedTable } from '../../constructs/keyed-table.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueSource } from '../../constructs/queue-source.ts'
import { ServiceRole } from '../../constructs/service-role.ts'
import type { SharedLogGroup } from '../../constructs/shared-log-group.ts'
import { allow, type Statement } from '../../constructs/statements.ts'
import { TimedCall } from '../../constructs/timed-call.ts'
import { builtFunction } from '../baseline/activator.ts'
import { BASELINE_PATH } from '../baseline/names.ts'
import { type CellMail, ROUTER_TIMEOUT_SECONDS } from './mail.ts'

/** Mail accepted by SES is at most this much later than its receipt, should that be lost. */
export const SWEEP_EVERY_SECONDS = 900

/** A mail of 40 MB for several tenants is held once as it came, once redacted, and once more for each of four puts. */
const MEMORY_MB = 1024

type Input = {
  readonly bundles: FunctionBundles
  readonly releaseBucket: string
  readonly boundaryArn: string
  readonly logGroup: SharedLogGroup
  readonly table: KeyedTable
  readonly mail: CellMail
}

/**
 * Router and sweep share a role: both route. What they may do in a tenant's stack that stack alone says, in the policies of its bucket
 * and topic, so that no name of a tenant and no wildcard over them stands here.
 */
export function cellFunctions(stack: PlainStack, input: Input): { readonly routerRoleArn: string } {
  const { bundles, releaseBucket, boundaryArn, logGroup, mail } = input
  const baseline = { path: BASELINE_PATH, permissionsBoundary: boundaryArn }
  const role = new ServiceRole(stack, 'RouterRole', {
    ...baseline,
    service: 'lambda.amazonaws.com',
    statements: routingRights(input),
  })
  const make = (name: 'cell-router' | 'cell-sweep', timeoutSeconds: number) =>
    new BundledFunction(stack, `${pascalCase(name)}Function`, {
      name,
      bundle: builtFunction(bundles, name),
      releaseBucket,
      roleArn: role.attrArn,
      logGroupName: logGroup.ref,
      timeoutSeconds,
      memoryMb: MEMORY_MB,
      environment: cellVariables(input),
    })
  new QueueSource(stack, 'RouterSource', {
    functionName: make('cell-router', ROUTER_TIMEOUT_SECONDS).ref,
    queueArn: mail.queue.queueArn,
    batchSize: 5,
    concurrency: 20,
  })
  const sweep = make('cell-sweep', 300)
  const schedulerRole = new ServiceRole(stack, 'SchedulerRole', {
    ...baseline,
    service: 'scheduler.amazonaws.com',
    statements: [allow(['lambda:InvokeFunction'], [sweep.attrArn])],
    trustOnlyIf: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  })
  new TimedCall(stack, 'Sweep', {
    name: 'sweep',
    everySeconds: SWEEP_EVERY_SECONDS,
    functionArn: sweep.attrArn,
    roleArn: schedulerRole.attrArn,
    input: {},
  })
  return { routerRoleArn: role.attrArn }
}

function routingRights({ logGroup, table, mail: { inlet, queue } }: Input): readonly Statement[] {
  const objects = (prefix: string) => `${inlet.attrArn}/${prefix}*`
  return [
    logGroup.writing(),
    allow(
      ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'].map((verb) => `dynamodb:${verb}`),
      [table.attrArn],
    ),
    allow(['s3:GetObject', 's3:DeleteObject'], [objects(INLET_PREFIX)]),
    allow(['s3:PutObject'], [objects(UNCLAIMED_PREFIX)]),
    // Without it S3 answers 403 for what is not there, and a mail that a twin took away would look like a fault.
    allow(['s3:ListBucket'], [inlet.attrArn]),
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage'], [queue.queueArn]),
    allow(['sqs:GetQueueAttributes'], [queue.queueArn, queue.deadLetterArn]),
  ]
}

/** The variables of router and sweep; the contract's own schema reads them back in a test. */
function cellVariables({ table, mail }: Input): Readonly<Record<keyof typeof CellVariables.shape, string>> {
  const parts = Fn.split('/', mail.queue.queueUrl)
  return {
    CONVOKE_CELL_TABLE: table.ref,
    CONVOKE_CELL_INLET_BUCKET: mail.inlet.ref,
    CONVOKE_CELL_QUEUE_URL_PREFIX: `${Fn.select(0, parts)}//${Fn.select(2, parts)}/${Aws.ACCOUNT_ID}/${Aws.STACK_NAME}-`,
  }
}
