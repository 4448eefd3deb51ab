import {
  type ControlBoundary,
  type ControlFunction,
  controlFunctionNames,
  controlFunctions,
  type QueueName,
} from '#control-plane/manifest.ts'
import type { KeyedTable } from '../../constructs/keyed-table.ts'
import { arnHere, slot } from '../../constructs/names.ts'
import { configurationSetArn } from '../../constructs/send-event-feed.ts'
import type { SharedLogGroup } from '../../constructs/shared-log-group.ts'
import { allow, type Statement } from '../../constructs/statements.ts'
import { anyAccountsRole, BASELINE_PATH, ownerlessArn } from '../baseline/names.ts'
import type { ControlConditions } from './conditions.ts'
import type { ControlMessaging } from './messaging.ts'
import type { ControlParameters } from './parameters.ts'

/** Indexes of the Table port. */
export const INDEX_NAMES = ['gsi1', 'gsi2'] as const

/** What every boundary does with rows; a transaction is allowed by the rights of its single writes. */
const TABLE_RIGHTS = ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']

export type ControlEstate = {
  readonly parameters: ControlParameters
  readonly conditions: ControlConditions
  readonly messaging: ControlMessaging
  readonly table: KeyedTable
  readonly logGroup: SharedLogGroup
}

/** What functions of a boundary may do: log, rows, the queues and secrets that the manifest gives them, and what the boundary is for. */
export function controlRightsOf(boundary: ControlBoundary, estate: ControlEstate): readonly Statement[] {
  const { table, logGroup } = estate
  return [
    logGroup.writing(),
    allow(
      TABLE_RIGHTS.map((verb) => `dynamodb:${verb}`),
      [table.attrArn],
    ),
    // What is due is nobody's to list but the sweeps'.
    allow(['dynamodb:Query'], table.indexArns(...(boundary === 'sweeps' ? INDEX_NAMES : ['gsi2']))),
    ...ofManifest(boundary, estate),
    ...own[boundary](estate),
  ]
}

const own: { readonly [B in ControlBoundary]: (estate: ControlEstate) => readonly Statement[] } = {
  // A link to sign in is mailed at once: as a planned mail it would lie in the table with its token.
  front: () => [sending()],
  billing: () => [],
  engine: ({ parameters }) => [
    // The other side decides: its role trusts this one by name, and a customer's wants his own external id besides.
    allow(['sts:AssumeRole'], [anyAccountsRole(`${BASELINE_PATH}*`)]),
    allow(['sts:AssumeRole'], [parameters.settings.get('CONVOKE_CONTROL_MANAGEMENT_ROLE') ?? '']),
    allow(
      ['s3:GetObject'],
      ['releases', 'templates'].map((prefix) => ownerlessArn('s3', `${slot('ReleaseBucket')}/${prefix}/*`)),
    ),
  ],
  mail: () => [sending()],
  sweeps: () => [],
}

function sending(): Statement {
  return allow(
    ['ses:SendEmail', 'ses:SendRawEmail'],
    [arnHere('ses', `identity/${slot('MailIdentity')}`), configurationSetArn()],
  )
}

function ofManifest(boundary: ControlBoundary, { messaging, parameters }: ControlEstate): readonly Statement[] {
  const functions: readonly ControlFunction[] = controlFunctionNames()
    .map((name): ControlFunction => controlFunctions[name])
    .filter((one) => one.boundary === boundary)
  const arns = (names: readonly QueueName[]) => names.map((name) => messaging.queue(name).queueArn)
  const rights = [
    allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      arns(functions.flatMap(({ takes }) => takes)),
    ),
    allow(['sqs:SendMessage'], arns(functions.flatMap(({ sends }) => sends))),
    allow(
      ['secretsmanager:GetSecretValue'],
      functions.flatMap(({ secrets }) => secrets.map((name) => parameters.secrets.get(name) ?? '')),
    ),
  ]
  return rights.filter(({ Resource }) => Resource.length > 0)
}
