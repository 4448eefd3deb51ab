import { Aws, type IResolvable } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { ServiceRole } from '../../constructs/service-role.ts'
import { allow, policyDocument, type Statement } from '../../constructs/statements.ts'
import { engineRights } from './engine-rights.ts'
import { executionRights } from './execution-rights.ts'
import { BASELINE_PATH, tenantArns } from './names.ts'

/**
 * Trust of roles in our own accounts. Whoever comes with an external id means a customer's account: where that customer has named one of
 * ours instead, the engine is not let in (confused deputy).
 */
export function withinOrganization(organizationId: string) {
  return { StringEquals: { 'aws:PrincipalOrgID': organizationId }, Null: { 'sts:ExternalId': 'true' } }
}

type Props = {
  /** The control plane's engine, which alone takes the operating role on. */
  readonly engineRoleArn: string
  /** What else must hold of whoever takes it on: the same organisation, or the secret that was agreed with a customer. */
  readonly trustOnlyIf: Readonly<Record<string, unknown>> | IResolvable
  readonly baselineBoundaryArn: string
  readonly tenantBoundaryArn: string
  readonly releaseBucketArn: string
  readonly activatorArn?: string
  /** Where the engine must know them before it has looked; absent: CloudFormation names them. */
  readonly roleNames?: { readonly operating: string; readonly execution: string }
  /** What the engine does here besides, such as writing routes. */
  readonly more?: readonly Statement[]
}

/** The two roles by which tenants are stamped: the engine's hands in this account, and CloudFormation's own that makes stacks. */
export class TenantOperations extends Construct {
  readonly operatingRoleArn: string
  readonly executionRoleArn: string

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id)
    const { engineRoleArn, trustOnlyIf, baselineBoundaryArn, tenantBoundaryArn, releaseBucketArn, activatorArn } = props
    const { roleNames } = props
    this.executionRoleArn = new ServiceRole(this, 'ExecutionRole', {
      service: 'cloudformation.amazonaws.com',
      ...(roleNames === undefined ? {} : { roleName: roleNames.execution }),
      path: BASELINE_PATH,
      permissionsBoundary: baselineBoundaryArn,
      trustOnlyIf: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      statements: executionRights({
        tenantBoundaryArn,
        releaseBucketArn,
        ...(activatorArn === undefined ? {} : { activatorArn }),
      }),
    }).attrArn
    this.operatingRoleArn = new CfnRole(this, 'OperatingRole', {
      ...(roleNames === undefined ? {} : { roleName: roleNames.operating }),
      path: BASELINE_PATH,
      permissionsBoundary: baselineBoundaryArn,
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: engineRoleArn }, Action: 'sts:AssumeRole', Condition: trustOnlyIf },
        ],
      },
      policies: [
        {
          policyName: 'rights',
          policyDocument: policyDocument([
            ...stackOperations(this.executionRoleArn, releaseBucketArn),
            ...engineRights(),
            ...(props.more ?? []),
          ]),
        },
      ],
    }).attrArn
  }
}

/** Stack operations on tenants' stacks, always by way of the execution role. */
function stackOperations(executionRoleArn: string, releaseBucketArn: string): readonly Statement[] {
  const stacks = [tenantArns('cloudformation', 'stack/')]
  const read = [
    'DescribeChangeSet',
    'DescribeStackEvents',
    'DescribeStackResources',
    'DescribeStacks',
    'DetectStackDrift',
    'GetTemplate',
    'ListChangeSets',
    'ListStackResources',
  ]
  const write = [
    'CancelUpdateStack',
    'ContinueUpdateRollback',
    'CreateChangeSet',
    'DeleteChangeSet',
    'DeleteStack',
    'ExecuteChangeSet',
    'RollbackStack',
    'TagResource',
    'UpdateTerminationProtection',
  ]
  return [
    allow(
      [...read, ...write].map((verb) => `cloudformation:${verb}`),
      stacks,
    ),
    // Of the account and of its list of stacks; a drift detection has an id and no ARN.
    allow(
      ['DescribeAccountLimits', 'DescribeStackDriftDetectionStatus', 'DescribeStacks'].map(
        (verb) => `cloudformation:${verb}`,
      ),
      ['*'],
    ),
    {
      ...allow(['iam:PassRole'], [executionRoleArn]),
      Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    },
    // CloudFormation reads the template of a change set with the rights of whoever asks for it.
    allow(['s3:GetObject'], [`${releaseBucketArn}/templates/*`, `${releaseBucketArn}/releases/*`]),
  ]
}
