import { arnHere } from '../../constructs/names.ts'
import { allow, type Statement } from '../../constructs/statements.ts'
import { globalArn, ownerlessArn, TENANT_NAMES, tenantArns } from './names.ts'

type Input = {
  readonly tenantBoundaryArn: string
  readonly releaseBucketArn: string
  /** Where tenants receive by themselves: the function that makes their receipt rules the active ones. */
  readonly activatorArn?: string
}

const verbs = (service: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `${service}:${name}`)

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
        'CreateBucket DeleteBucket DeleteBucketPolicy GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration ListBucket PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration',
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
        'CreateTenant DeleteTenant GetTenant ListTagsForResource ListTenantResources TagResource UntagResource',
      ),
      [sesTenants],
    ),
    allow(verbs('ses', 'CreateTenantResourceAssociation DeleteTenantResourceAssociation'), [
      configurationSets,
      sesTenants,
    ]),
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
        'AddPermission CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration GetFunctionRecursionConfig GetPolicy GetRuntimeManagementConfig ListTags PutFunctionRecursionConfig RemovePermission TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration',
      ),
      [functions],
    ),
    // A mapping's own name is random: what it feeds says whose it is.
    {
      ...allow(verbs('lambda', 'CreateEventSourceMapping DeleteEventSourceMapping UpdateEventSourceMapping'), mappings),
      Condition: { ArnLike: { 'lambda:FunctionArn': functions } },
    },
    allow(['lambda:GetEventSourceMapping', 'lambda:ListTags', 'lambda:TagResource'], mappings),
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
        'DeleteRole GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole',
      ),
      roles,
    ),
    {
      ...allow(['iam:PassRole'], roles),
      Condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] } },
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
    allow(['acm:DescribeCertificate'], [arnHere('acm', 'certificate/*')]),
  ]
}

function watchingRights(): readonly Statement[] {
  return [
    allow(
      verbs(
        'logs',
        'CreateLogGroup DeleteLogGroup DeleteMetricFilter DescribeMetricFilters ListTagsForResource PutMetricFilter PutRetentionPolicy TagResource UntagResource',
      ),
      [tenantArns('logs', 'log-group:')],
    ),
    allow(['logs:DescribeLogGroups'], [arnHere('logs', 'log-group:*')]),
    allow(
      verbs('cloudwatch', 'DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'),
      [tenantArns('cloudwatch', 'alarm:')],
    ),
    allow(verbs('cloudwatch', 'DeleteDashboards GetDashboard PutDashboard'), [
      globalArn('cloudwatch', `dashboard/${TENANT_NAMES}`),
    ]),
  ]
}

function receivingRights({ activatorArn }: Input): readonly Statement[] {
  if (activatorArn === undefined) return []
  const rules =
    'CreateReceiptRule CreateReceiptRuleSet DeleteReceiptRule DeleteReceiptRuleSet DescribeReceiptRule DescribeReceiptRuleSet UpdateReceiptRule'
  // IAM knows no resources for receipt rules.
  return [allow(verbs('ses', rules), ['*']), allow(['lambda:InvokeFunction'], [activatorArn])]
}
