import { CfnCondition, CfnOutput, CfnParameter, Fn, type IStackSynthesizer } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { slot } from '../constructs/names.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { PrivateBucket } from '../constructs/private-bucket.ts'
import { type Statement, when } from '../constructs/statements.ts'
import { acknowledgeReleaseFindings } from './baseline/acknowledged.ts'

/** A tenant may stay on a release for the year of his licence and the month after it. */
const LOCKED_DAYS = 400

/** Code, templates and manifests; nothing else is ever read from the bucket. */
export const RELEASE_PREFIXES = ['functions/', 'templates/', 'releases/']

type Props = {
  readonly deployedBy?: IStackSynthesizer
  readonly defaults?: { readonly organizationId?: string; readonly publisherRoleArn?: string }
}

/**
 * The release bucket of a region. A stack of its own, because the cell's own functions come from it: it must be there and be filled
 * before the cell is, and it outlives every cell.
 */
export class ReleaseStack extends PlainStack {
  constructor(scope: Construct, id: string, { deployedBy, defaults = {} }: Props = {}) {
    super(scope, id, {
      description: 'Convoke releases of a region',
      ...(deployedBy === undefined ? {} : { deployedBy }),
    })
    const text = (name: string, allowedPattern: string, given: string | undefined) =>
      new CfnParameter(this, name, {
        type: 'String',
        allowedPattern,
        ...(given === undefined ? {} : { default: given }),
      }).valueAsString
    const organizationId = text('OrganizationId', '^o-[a-z0-9]{10,32}$', defaults.organizationId)
    const publisherRoleArn = text('PublisherRoleArn', '^arn:[a-z-]+:iam::[0-9]{12}:role/.+$', defaults.publisherRoleArn)
    const customerAccountIds = new CfnParameter(this, 'CustomerAccountIds', {
      type: 'CommaDelimitedList',
      default: '',
      description:
        'Accounts of customers outside the organisation in which tenants are stamped: they read the releases too.',
    }).valueAsList
    const hasCustomers = new CfnCondition(this, 'HasCustomers', {
      expression: Fn.conditionNot(Fn.conditionEquals(Fn.join('', customerAccountIds), '')),
    })
    const bucket = new PrivateBucket(this, 'Bucket', {
      isVersioned: true,
      statements: (bucketArn) => [
        ...accessTo(bucketArn, organizationId, publisherRoleArn),
        when(hasCustomers, {
          Sid: 'CustomersRead',
          Effect: 'Allow',
          Principal: '*',
          Action: ['s3:GetObject'],
          Resource: objectsOf(bucketArn),
          Condition: { StringEquals: { 'aws:PrincipalAccount': customerAccountIds } },
        }),
      ],
    })
    // Known without a reference: other stacks take it as a parameter, and an import would lock this one.
    bucket.bucketName = Fn.sub(releaseBucketName(slot('AWS::AccountId'), slot('AWS::Region')))
    bucket.objectLockEnabled = true
    bucket.objectLockConfiguration = {
      objectLockEnabled: 'Enabled',
      rule: { defaultRetention: { mode: 'GOVERNANCE', days: LOCKED_DAYS } },
    }
    new CfnOutput(this, 'ReleaseBucket', { value: bucket.ref })
    acknowledgeReleaseFindings(this)
  }
}

/** Name of a region's release bucket, outside the names of tenants' stacks. */
export function releaseBucketName(awsAccountId: string, region: string): string {
  return `baseline-release-${awsAccountId}-${region}`
}

function objectsOf(bucketArn: string): readonly string[] {
  return RELEASE_PREFIXES.map((prefix) => `${bucketArn}/${prefix}*`)
}

/** The publisher adds; the organisation reads, so that dedicated accounts need no copy. Nobody changes what is there. */
function accessTo(bucketArn: string, organizationId: string, publisherRoleArn: string): readonly Statement[] {
  const objects = objectsOf(bucketArn)
  const publisher = { AWS: publisherRoleArn }
  return [
    {
      Sid: 'OrganisationReads',
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:GetObject'],
      Resource: objects,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
    },
    { Sid: 'PublisherReads', Effect: 'Allow', Principal: publisher, Action: ['s3:GetObject'], Resource: objects },
    // Object lock keeps versions, not what a key means now: only a put that demands to be the first is let through.
    {
      Sid: 'PublisherAdds',
      Effect: 'Allow',
      Principal: publisher,
      Action: ['s3:PutObject'],
      Resource: objects,
      Condition: { Null: { 's3:if-none-match': 'false' } },
    },
    // Within one account the publisher's own rights would do without the line above.
    {
      Sid: 'NobodyReplaces',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:PutObject'],
      Resource: objects,
      Condition: { Null: { 's3:if-none-match': 'true' } },
    },
    // Without it S3 answers 403 for what is not there yet.
    { Sid: 'PublisherLooks', Effect: 'Allow', Principal: publisher, Action: ['s3:ListBucket'], Resource: [bucketArn] },
  ]
}
