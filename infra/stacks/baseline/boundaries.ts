import { Aws, Fn } from 'aws-cdk-lib'
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { arnHere } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { allow, policyDocument, type Statement } from '../../constructs/statements.ts'
import { BASELINE_PATH, globalArn, ownerlessArn, tenantArns } from './names.ts'

/** Services that the baseline's roles have to do with; each role is given much less. */
export const BASELINE_SERVICES = [
  'acm',
  'apigateway',
  'cloudformation',
  'cloudwatch',
  'dynamodb',
  'iam',
  'lambda',
  'logs',
  'route53',
  's3',
  'scheduler',
  'ses',
  'sns',
  'sqs',
]

/** What would let a role out of its boundary. */
const ROLE_CHANGES = [
  'AttachRolePolicy',
  'CreatePolicyVersion',
  'CreateRole',
  'DeletePolicy',
  'DeletePolicyVersion',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'SetDefaultPolicyVersion',
  'UpdateAssumeRolePolicy',
  'UpdateRole',
]

/** Most that a role of a tenant's stack can be given, whatever its template says: data of tenants' stacks, and sending. */
export function tenantBoundary(
  stack: PlainStack,
  given: { readonly engineRoleArn: string; readonly rateTableArn?: string; readonly managedPolicyName?: string },
): CfnManagedPolicy {
  const { engineRoleArn, rateTableArn, managedPolicyName } = given
  const buckets = ownerlessArn('s3', 'convoke-*')
  const data = [
    'BatchGetItem',
    'BatchWriteItem',
    'ConditionCheckItem',
    'DeleteItem',
    'GetItem',
    'PutItem',
    'Query',
    'Scan',
    'UpdateItem',
  ]
  const made = boundary(stack, 'TenantBoundary', [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [tenantArns('logs', 'log-group:')]),
    allow(
      data.map((verb) => `dynamodb:${verb}`),
      [tenantArns('dynamodb', 'table/')],
    ),
    ...(rateTableArn === undefined ? [] : [allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [rateTableArn])]),
    allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'], [buckets]),
    allow(['sns:Publish'], [tenantArns('sns', '')]),
    allow(
      ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'].map(
        (verb) => `sqs:${verb}`,
      ),
      [tenantArns('sqs', '')],
    ),
    allow(
      ['ses:SendEmail', 'ses:SendRawEmail'],
      // Domains are the tenants' own names; SES itself checks that the identity belongs to the SES tenant.
      [arnHere('ses', 'identity/*'), tenantArns('ses', 'configuration-set/'), tenantArns('ses', 'tenant/')],
    ),
    allow(['lambda:InvokeFunction'], [tenantArns('lambda', 'function:')]),
    // How a stack is, told to the control plane, which stands in the engine's account.
    allow(['sqs:SendMessage'], [noticeQueueArn(engineRoleArn)]),
  ])
  if (managedPolicyName !== undefined) made.managedPolicyName = managedPolicyName
  return made
}

/** Whatever the region and the stack's name: the queue's own policy says who of the organisation may send. */
function noticeQueueArn(engineRoleArn: string): string {
  return `arn:${Aws.PARTITION}:sqs:*:${Fn.select(4, Fn.split(':', engineRoleArn))}:*-tenant-notice`
}

/** Most that a role of the baseline can be given: no people, no keys, no way out of a boundary, no other region. */
export function baselineBoundary(stack: PlainStack): CfnManagedPolicy {
  const own = [globalArn('iam', `role${BASELINE_PATH}*`), globalArn('iam', `policy${BASELINE_PATH}*`)]
  const deny = (action: readonly string[], resource: readonly string[]): Statement => ({
    Effect: 'Deny',
    Action: action,
    Resource: resource,
  })
  return boundary(stack, 'BaselineBoundary', [
    {
      ...allow(
        BASELINE_SERVICES.map((service) => `${service}:*`),
        ['*'],
      ),
      // IAM and Route 53 are asked for in us-east-1, wherever the stack is.
      Condition: { StringEquals: { 'aws:RequestedRegion': [Aws.REGION, 'us-east-1'] } },
    },
    deny(
      ['iam:*User', 'iam:*UserPolicy', 'iam:*AccessKey', 'iam:*LoginProfile', 'iam:*Group', 'iam:*SAMLProvider'],
      ['*'],
    ),
    deny(
      ROLE_CHANGES.map((verb) => `iam:${verb}`),
      own,
    ),
    deny(['iam:DeleteRolePermissionsBoundary'], ['*']),
  ])
}

/** Without a description: its change would make another policy, whose ARN the roles that are there do not carry. */
function boundary(stack: PlainStack, id: string, statements: readonly Statement[]): CfnManagedPolicy {
  return new CfnManagedPolicy(stack, id, {
    path: BASELINE_PATH,
    policyDocument: policyDocument(statements),
  })
}
