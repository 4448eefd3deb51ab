import { Aws, Fn } from 'aws-cdk-lib'
import { LICENCE_FILE_KEY } from '#shared/contracts/licence-file.ts'
import { LIST_PREFIX } from '#shared/contracts/lists-api.ts'
import { INBOUND_PREFIX } from '#shared/contracts/notices.ts'
import { PROBE_PREFIX } from '#shared/contracts/probe.ts'
import { pipelineNames, pipelines, plainFunctions, type TrustBoundary } from '#tenant-stack/manifest.ts'
import type { KeyedTable } from '../../constructs/keyed-table.ts'
import { arnHere, slot, topicArnOf } from '../../constructs/names.ts'
import type { PrivateBucket } from '../../constructs/private-bucket.ts'
import { configurationSetArn } from '../../constructs/send-event-feed.ts'
import type { SharedLogGroup } from '../../constructs/shared-log-group.ts'
import { allow, type MaybeStatement, type Statement, when } from '../../constructs/statements.ts'
import type { TenantConditions } from './conditions.ts'
import type { Messaging } from './messaging.ts'
import type { TenantParameters } from './parameters.ts'
import { INDEX_NAMES } from './storage.ts'

/** Events as they were received, and what is kept of deleted ones: written once under their own hash. */
const CONTENT_PREFIXES = ['events/', 'tombstones/']

/** What every boundary does with rows; a transaction is allowed by the rights of its single writes. */
const TABLE_RIGHTS = ['GetItem', 'Query', 'ConditionCheckItem', 'PutItem', 'UpdateItem']

export type Estate = {
  readonly parameters: TenantParameters
  readonly conditions: TenantConditions
  readonly messaging: Messaging
  readonly table: KeyedTable
  readonly bucket: PrivateBucket
  readonly logGroup: SharedLogGroup
  /** Of the release that the template belongs to. */
  readonly version: string
}

/** The account's bound for every role of the stack, or none. */
export function permissionsBoundary({ conditions, parameters }: Estate): string {
  return Fn.conditionIf(conditions.hasBoundary.logicalId, parameters.tenantBoundaryArn, Aws.NO_VALUE).toString()
}

/** What functions of a boundary may do: log, what the boundary is for, and the queues and topics that the manifest gives them. */
export function rightsOf(boundary: TrustBoundary, estate: Estate): readonly MaybeStatement[] {
  return [estate.logGroup.writing(), ...own[boundary](estate), ...ofManifest(boundary, estate)]
}

const own: { readonly [K in TrustBoundary]: (estate: Estate) => readonly MaybeStatement[] } = {
  reader: ({ table, bucket }) => [
    // What is held about a person is found by a scan alone, and received mail of his is deleted (`core/person`).
    ...tableRights(table, [...TABLE_RIGHTS, 'BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'Scan']),
    allow(['s3:GetObject', 's3:DeleteObject'], objects(bucket, [INBOUND_PREFIX])),
    allow(['s3:GetObject'], objects(bucket, [LIST_PREFIX, ...CONTENT_PREFIXES])),
    allow(['s3:PutObject'], objects(bucket, [...CONTENT_PREFIXES, PROBE_PREFIX, LIST_PREFIX])),
    // Without it S3 answers 403 for what is not there: a notice that overtook its mail would look like a fault of ours.
    allow(['s3:ListBucket'], [bucket.attrArn]),
  ],
  sender: ({ table, bucket, parameters, conditions }) => [
    ...tableRights(table, [...TABLE_RIGHTS, 'BatchGetItem']),
    when(
      conditions.sharesSendRate,
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [arnHere('dynamodb', `table/${slot('SendRateTable')}`)]),
    ),
    allow(['s3:GetObject'], objects(bucket, ['events/'])),
    allow(['s3:GetObject'], objects(bucket, [parameters.templatesPrefix])),
    allow(
      ['ses:SendEmail', 'ses:SendRawEmail'],
      [
        arnHere('ses', `identity/${slot('DomainName')}`),
        configurationSetArn(),
        // The part after the name is given by SES.
        arnHere('ses', `tenant/${slot('AWS::StackName')}/*`),
      ],
    ),
  ],
  front: ({ table, bucket }) => [
    ...tableRights(table, [...TABLE_RIGHTS, 'BatchGetItem', 'DeleteItem']),
    allow(['s3:GetObject'], objects(bucket, ['events/'])),
    allow(['s3:PutObject'], objects(bucket, [LIST_PREFIX])),
  ],
  caretaker: ({ table, bucket, conditions, messaging: { queues } }) => [
    ...tableRights(table, TABLE_RIGHTS),
    // Whom a mail was for, when its notice was lost, is said in its trace alone.
    allow(['s3:GetObject'], objects(bucket, [INBOUND_PREFIX])),
    // The control plane alone writes it; every other function reads what this one has put into the table.
    allow(['s3:GetObject'], [`${bucket.attrArn}/${LICENCE_FILE_KEY}`]),
    {
      ...allow(['s3:ListBucket'], [bucket.attrArn]),
      Condition: { StringEquals: { 's3:prefix': [INBOUND_PREFIX, LICENCE_FILE_KEY] } },
    },
    allow(
      ['sqs:GetQueueAttributes'],
      queues.flatMap(({ queueArn, deadLetterArn }) => [queueArn, deadLetterArn]),
    ),
    when(conditions.hasNoticeQueue, allow(['sqs:SendMessage'], [noticeQueueArn()])),
  ],
}

/**
 * From `https://sqs.<region>.amazonaws.com/<account>/<name>`. What follows the URL makes the parts be there where it is empty, whichever
 * branch of a condition CloudFormation reads first.
 */
function noticeQueueArn(): string {
  const url = Fn.sub(`${slot('TenantNoticeQueueUrl')}////.`)
  const part = (separator: string, index: number) => Fn.select(index, Fn.split(separator, url))
  return `arn:${Aws.PARTITION}:sqs:${part('.', 1)}:${part('/', 3)}:${part('/', 4)}`
}

function tableRights(table: KeyedTable, verbs: readonly string[]): readonly Statement[] {
  return [
    allow(
      verbs.map((verb) => `dynamodb:${verb}`),
      [table.attrArn],
    ),
    allow(['dynamodb:Query'], table.indexArns(...INDEX_NAMES)),
  ]
}

function objects(bucket: PrivateBucket, prefixes: readonly string[]): readonly string[] {
  return prefixes.map((prefix) => `${bucket.attrArn}/${prefix}*`)
}

function ofManifest(boundary: TrustBoundary, { messaging }: Estate): readonly Statement[] {
  const fed = pipelineNames().filter((name) => pipelines[name].boundary === boundary)
  const functions = [...fed.map((name) => pipelines[name]), ...Object.values(plainFunctions)]
  const topics = new Set(functions.flatMap((one) => (one.boundary === boundary ? [...one.publishes] : [])))
  return [
    ...(fed.length === 0
      ? []
      : [
          allow(
            ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
            fed.map((name) => messaging.queue(name).queueArn),
          ),
        ]),
    ...(topics.size === 0
      ? []
      : [
          allow(
            ['sns:Publish'],
            [...topics].map((name) => topicArnOf(name)),
          ),
        ]),
  ]
}
