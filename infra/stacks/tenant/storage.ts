import { Aws, Fn } from 'aws-cdk-lib'
import { LIST_PREFIX } from '#shared/contracts/lists-api.ts'
import { INBOUND_PREFIX } from '#shared/contracts/notices.ts'
import { PROBE_PREFIX } from '#shared/contracts/probe.ts'
import { KeyedTable } from '../../constructs/keyed-table.ts'
import { arnHere, slot } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { PrivateBucket } from '../../constructs/private-bucket.ts'
import { type Statement, when } from '../../constructs/statements.ts'
import type { TenantConditions } from './conditions.ts'
import type { TenantParameters } from './parameters.ts'

/** The promise of how long raw mail is kept. */
const INBOUND_DAYS = 30
/** The least that S3 counts in. */
const PROBE_DAYS = 1
/** A list is asked for while it is sent, and a while longer by who has cancelled it. */
const LIST_DAYS = 90

/** Indexes of the Table port. */
export const INDEX_NAMES = ['gsi1', 'gsi2'] as const

/** What the tenant owns beyond its stack's life. */
export function tenantStorage(stack: PlainStack, parameters: TenantParameters, conditions: TenantConditions) {
  const table = new KeyedTable(stack, 'Table', {
    indexNames: INDEX_NAMES,
    deletionProtection: Fn.conditionIf(conditions.isProtected.logicalId, true, false),
  })
  const bucket = new PrivateBucket(stack, 'Bucket', {
    isVersioned: false,
    expiresAfterDays: { [INBOUND_PREFIX]: INBOUND_DAYS, [PROBE_PREFIX]: PROBE_DAYS, [LIST_PREFIX]: LIST_DAYS },
    statements: (bucketArn) => {
      const put = (sid: string, principal: Readonly<Record<string, string>>): Statement => ({
        Sid: sid,
        Effect: 'Allow',
        Principal: principal,
        Action: ['s3:PutObject'],
        Resource: [`${bucketArn}/${INBOUND_PREFIX}*`],
      })
      return [
        when(conditions.inCell, put('MailOfTheCell', { AWS: parameters.cellRouterRoleArn }), {
          ...put('MailOfSes', { Service: 'ses.amazonaws.com' }),
          Condition: ownReceiptRule(),
        }),
      ]
    },
  })
  return { table, bucket }
}

/** SES acting for the rule of this very stack, and for no other account's. */
export function ownReceiptRule() {
  const rule = `receipt-rule-set/${slot('AWS::StackName')}-mail:receipt-rule/${slot('AWS::StackName')}-mail`
  return {
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnEquals: { 'aws:SourceArn': arnHere('ses', rule) },
  }
}
