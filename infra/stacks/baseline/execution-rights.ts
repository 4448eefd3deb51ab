import { arnHere } from '../../constructs/names.ts'
import { allow, type Statement } from '../../constructs/statements.ts'
import { globalArn, ownerlessArn, TENANT_NAMES, tenantArns } from './names.ts'

type Input = {
  readonly tenantBoundaryArn: string
  readonly releaseBucketArn: string
  /** Where tenants receive by themselves: the function that makes their receipt rules the active ones. */
  readonly activatorArn?: string
}

/** Actions of a service, named in one line. */
export function verbs(service: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${service}:${name}`)
}

/** What CloudFormation may do for a tenant's stack: make, change and remove resources of the template's types that bear tenants' names. */
export function executionRights(input: Input): readonly Statement[] {
  return [
    ...storageRights(),
    ...messagingRights(),
    ...codeRights(input),
    ...roleRights(input),
    ...edgeRights(),
    ...watchingRights(),
    ...receivingRights(input),
  ]
}

function storageRights(): readonly Statement[] {
  return [
    allow(
      verbs(
        'dynamodb',
        'CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive',
      ),
      [tenantArns('dynamodb', 'table/')],
    ),
    allow(
      verbs(
        's3',
        'CreateBucket DeleteBucket DeleteBucketPolicy GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration ListBucket ListTagsForResource PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration TagResource UntagResource',
      ),
      [ownerlessArn('s3', TENANT_NAMES)],
    ),
  ]
}

function messagingRights(): readonly Statement[] {
  const [configurationSets, sesTenants] = [tenantArns('ses', 'configuration-set/'), tenantArns('ses', 'tenant/')]
  return [
    allow(
      verbs(
        'sns',
        'CreateTopic DeleteTopic GetDataProtectionPolicy GetSubscriptionAttributes GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource',
      ),
      [tenantArns('sns', '')],
    ),
    allow(
      verbs(
        'sqs',
        'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue',
      ),
      [tenantArns('sqs', '')],
    ),
    allow(
      verbs(
        'ses',
        'CreateConfigurationSet CreateConfigurationSetEventDestination DeleteConfigurationSet DeleteConfigurationSetEventDestination GetConfigurationSet GetConfigurationSetEventDestinations ListTagsForResource PutConfigurationSetReputationOptions PutConfigurationSetSendingOptions PutConfigurationSetSuppressionOptions TagResource UntagResource UpdateConfigurationSetEventDestination',
      ),
      [configurationSets],
    ),
    allow(
      verbs(
        'ses',
        'CreateTenant DeleteTenant GetReputationEntity GetTenant ListTagsForResource ListTenantResources PutTenantSuppressionAttributes TagResource UntagResource',
      ),
      [sesTenants],
    ),
    allow(verbs('ses', 'CreateTenantResourceAssociation DeleteTenantResourceAssociation'), [
      configurationSets,
      sesTenants,
      // Named as the tenants' domains are, which is as they like.
      arnHere('ses', 'identity/*'),
    ]),
    // Of version 1 of the API, which knows no resources.
    allow(['ses:DescribeConfigurationSet'], ['*']),
    allow(verbs('scheduler', 'CreateSchedule DeleteSchedule GetSchedule UpdateSchedule'), [
      tenantArns('scheduler', 'schedule/default/'),
    ]),
  ]
}

function codeRights({ releaseBucketArn }: Input): readonly Statement[] {
  const functions = tenantArns('lambda', 'function:')
  const mappings = [arnHere('lambda', 'event-source-mapping:*')]
  return [
    allow(['s3:GetObject'], [`${releaseBucketArn}/functions/*`]),
    allow(
      verbs(
        'lambda',
        'AddPermission CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration GetFunctionRecursionConfig GetFunctionScalingConfig GetPolicy GetRuntimeManagementConfig ListTags PutFunctionRecursionConfig RemovePermission TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration',
      ),
      [functions],
    ),
    // A mapping's own name is random: what it feeds says whose it is.
    {
      ...allow(verbs('lambda', 'DeleteEventSourceMapping UpdateEventSourceMapping'), mappings),
      Condition: { ArnLike: { 'lambda:FunctionArn': functions } },
    },
    // What is only being made has no ARN yet: IAM knows no resource for this one.
    {
      ...allow(['lambda:CreateEventSourceMapping'], ['*']),
      Condition: { ArnLike: { 'lambda:FunctionArn': functions } },
    },
    allow(verbs('lambda', 'GetEventSourceMapping ListTags TagResource UntagResource'), mappings),
  ]
}

function roleRights({ tenantBoundaryArn }: Input): readonly Statement[] {
  const roles = [globalArn('iam', `role/${TENANT_NAMES}`)]
  return [
    {
      ...allow(verbs('iam', 'CreateRole DeleteRolePolicy PutRolePermissionsBoundary PutRolePolicy'), roles),
      // Whatever role it makes or gives rights to carries the boundary, or is not made.
      Condition: { StringEquals: { 'iam:PermissionsBoundary': tenantBoundaryArn } },
    },
    allow(
      verbs(
        'iam',
        'DeleteRole GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoleTags TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription',
      ),
      roles,
    ),
    {
      ...allow(['iam:PassRole'], roles),
      Condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] } },
    },
    {
      // The first custom domain of an account makes API Gateway's own role.
      ...allow(
        ['iam:CreateServiceLinkedRole'],
        [globalArn('iam', 'role/aws-service-role/ops.apigateway.amazonaws.com/*')],
      ),
      Condition: { StringEquals: { 'iam:AWSServiceName': 'ops.apigateway.amazonaws.com' } },
    },
  ]
}

/** API Gateway and Route 53 name their things by random ids, so that these rights cannot be scoped by name. */
function edgeRights(): readonly Statement[] {
  const paths = ['restapis', 'domainnames', 'apikeys', 'usageplans'].flatMap((kind) => [`/${kind}`, `/${kind}/*`])
  return [
    allow(
      verbs('apigateway', 'DELETE GET PATCH POST PUT'),
      [...paths, '/tags/*'].map((path) => ownerlessArn('apigateway', path)),
    ),
    allow(verbs('route53', 'ChangeResourceRecordSets GetHostedZone ListResourceRecordSets'), [
      ownerlessArn('route53', 'hostedzone/*'),
    ]),
    allow(['route53:GetChange'], [ownerlessArn('route53', 'change/*')]),
    // A list has no ARN.
    allow(['route53:ListHostedZones'], ['*']),
    allow(['acm:DescribeCertificate'], [arnHere('acm', 'certificate/*')]),
  ]
}

function watchingRights(): readonly Statement[] {
  return [
    allow(
      verbs(
        'logs',
        'CreateLogGroup DeleteLogGroup DeleteMetricFilter DescribeMetricFilters GetDataProtectionPolicy ListTagsForResource PutMetricFilter PutRetentionPolicy TagResource UntagResource',
      ),
      [tenantArns('logs', 'log-group:')],
    ),
    // Lists, and policies of the account: none has an ARN.
    allow(verbs('logs', 'DescribeIndexPolicies DescribeLogGroups DescribeResourcePolicies'), ['*']),
    allow(
      verbs('cloudwatch', 'DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'),
      [tenantArns('cloudwatch', 'alarm:')],
    ),
    allow(
      verbs('cloudwatch', 'DeleteDashboards GetDashboard ListTagsForResource PutDashboard TagResource UntagResource'),
      [globalArn('cloudwatch', `dashboard/${TENANT_NAMES}`)],
    ),
  ]
}

function receivingRights({ activatorArn }: Input): readonly Statement[] {
  if (activatorArn === undefined) return []
  const rules =
    'CreateReceiptRule CreateReceiptRuleSet DeleteReceiptRule DeleteReceiptRuleSet DescribeReceiptRule DescribeReceiptRuleSet ReorderReceiptRuleSet SetReceiptRulePosition UpdateReceiptRule'
  // IAM knows no resources for receipt rules.
  return [allow(verbs('ses', rules), ['*']), allow(['lambda:InvokeFunction'], [activatorArn])]
}
