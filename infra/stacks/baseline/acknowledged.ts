import { INLET_PREFIX, UNCLAIMED_PREFIX } from '#shared/contracts/cell-inlet.ts'
import { type Acknowledged, acknowledge } from '../../constructs/acknowledge.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { BASELINE_SERVICES } from './boundaries.ts'

const BY_NAME =
  'What tenants there will be nobody knows when this is made; names of their stacks, and of nothing else, begin so.'
const BY_RANDOM_ID = 'The service names these by random ids, so that a right cannot name them before they are made.'
const NO_RESOURCES = 'IAM knows no resources for receipt rules and their activation.'
const NO_ARN_YET =
  'What is being made, and lists of an account, have no ARN that IAM knows; the first is bound to tenants’ functions.'
const ONE_OBJECT_EACH = 'Keys are made at run time, so a right can only name their prefix; the bucket is ours alone.'
const A_BOUNDARY =
  'A boundary gives nothing: it is the most that the roles, whose own rights are listed, could be given.'

const wildcard = (path: string, resource: string, reason: string): Acknowledged => ({
  path,
  ruleId: `AwsSolutions-IAM5[Resource::${resource}]`,
  reason,
})

/** An ARN as cdk-nag shows it. */
const here = (service: string, resource: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`
const releases = (prefix: string) => `arn:<AWS::Partition>:s3:::<ReleaseBucket>/${prefix}/*`

const accessLog = (path: string, reason: string): Acknowledged => ({ path, ruleId: 'AwsSolutions-S1', reason })

const named = (path: string): readonly Acknowledged[] =>
  [
    here('logs', 'log-group:convoke-*'),
    here('dynamodb', 'table/convoke-*'),
    'arn:<AWS::Partition>:s3:::convoke-*',
    here('sns', 'convoke-*'),
    here('sqs', 'convoke-*'),
    here('ses', 'configuration-set/convoke-*'),
    here('ses', 'tenant/convoke-*'),
    here('lambda', 'function:convoke-*'),
  ].map((resource) => wildcard(path, resource, BY_NAME))

const baseline: readonly Acknowledged[] = [
  ...BASELINE_SERVICES.map((service) => ({
    path: 'BaselineBoundary',
    ruleId: `AwsSolutions-IAM5[Action::${service}:*]`,
    reason: A_BOUNDARY,
  })),
  wildcard('BaselineBoundary', '*', A_BOUNDARY),
  ...named('TenantBoundary'),
  wildcard('TenantBoundary', here('ses', 'identity/*'), A_BOUNDARY),
  wildcard(
    'TenantBoundary',
    'arn:<AWS::Partition>:sqs:*:{"Fn::Select":[4,{"Fn::Split":[":",{"Ref":"EngineRoleArn"}]}]}:*-tenant-notice',
    A_BOUNDARY,
  ),
  wildcard('ActivatorRole', '*', NO_RESOURCES),
  ...named('Tenants/ExecutionRole'),
  ...[
    here('scheduler', 'schedule/default/convoke-*'),
    'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/convoke-*',
    here('cloudwatch', 'alarm:convoke-*'),
    'arn:<AWS::Partition>:cloudwatch::<AWS::AccountId>:dashboard/convoke-*',
  ].map((resource) => wildcard('Tenants/ExecutionRole', resource, BY_NAME)),
  ...['restapis', 'domainnames', 'apikeys', 'usageplans', 'tags'].map((kind) =>
    wildcard('Tenants/ExecutionRole', `arn:<AWS::Partition>:apigateway:<AWS::Region>::/${kind}/*`, BY_RANDOM_ID),
  ),
  ...[
    here('lambda', 'event-source-mapping:*'),
    'arn:<AWS::Partition>:route53:::hostedzone/*',
    'arn:<AWS::Partition>:route53:::change/*',
    here('acm', 'certificate/*'),
  ].map((resource) => wildcard('Tenants/ExecutionRole', resource, BY_RANDOM_ID)),
  wildcard('Tenants/ExecutionRole', '*', NO_ARN_YET),
  wildcard('Tenants/ExecutionRole', here('ses', 'identity/*'), 'Identities are named as the tenants’ domains are.'),
  wildcard(
    'Tenants/ExecutionRole',
    'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/aws-service-role/ops.apigateway.amazonaws.com/*',
    'The service names its role; it can be made for that service alone.',
  ),
  wildcard('Tenants/ExecutionRole', releases('functions'), ONE_OBJECT_EACH),
  ...[
    here('cloudformation', 'stack/convoke-*'),
    here('ses', 'tenant/convoke-*'),
    here('ses', 'configuration-set/convoke-*'),
    here('dynamodb', 'table/convoke-*'),
    'arn:<AWS::Partition>:s3:::convoke-*',
    'arn:<AWS::Partition>:s3:::convoke-*/*',
    'arn:<AWS::Partition>:s3:::convoke-*/licence/licence.json',
    'arn:<AWS::Partition>:s3:::convoke-*/probes/*',
    'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/convoke-*',
  ].map((resource) => wildcard('Tenants/OperatingRole', resource, BY_NAME)),
  ...[
    'arn:<AWS::Partition>:route53:::hostedzone/*',
    'arn:<AWS::Partition>:route53:::change/*',
    here('acm', 'certificate/*'),
  ].map((resource) => wildcard('Tenants/OperatingRole', resource, BY_RANDOM_ID)),
  wildcard(
    'Tenants/OperatingRole',
    here('ses', 'identity/*'),
    'Identities are named as the tenants’ domains are; only those that bear a tenant’s tag are ever changed.',
  ),
  wildcard(
    'Tenants/OperatingRole',
    'arn:<AWS::Partition>:ses:<AWS::Region>:aws:reputation-policy/*',
    'These policies are AWS’s own; the engine picks one of them for a tenant of ours.',
  ),
  wildcard(
    'Tenants/OperatingRole',
    '*',
    'What is being made, and lists and facts of an account, have no ARN that IAM knows.',
  ),
  wildcard('Tenants/OperatingRole', releases('templates'), ONE_OBJECT_EACH),
  wildcard('Tenants/OperatingRole', releases('releases'), ONE_OBJECT_EACH),
]

/** Every finding of cdk-nag that the cell is meant to have. */
export function acknowledgeCellFindings(stack: PlainStack): void {
  acknowledge(stack, [
    ...baseline,
    accessLog(
      'Inlet',
      'Only the router reads it and logs what it does; an access log would hold ids of mail longer than the mail.',
    ),
    ...[INLET_PREFIX, UNCLAIMED_PREFIX].map((prefix) =>
      wildcard('RouterRole', `<Inlet.Arn>/${prefix}*`, ONE_OBJECT_EACH),
    ),
  ])
}

/** Every finding of cdk-nag that an account's baseline is meant to have. */
export function acknowledgeAccountFindings(stack: PlainStack): void {
  acknowledge(stack, baseline)
}

/** Every finding of cdk-nag that the release bucket is meant to have. */
export function acknowledgeReleaseFindings(stack: PlainStack): void {
  acknowledge(stack, [
    accessLog(
      'Bucket',
      'What is in it is no secret, is written once and is locked; who publishes is in CloudTrail and the pipeline.',
    ),
  ])
}
