import { CfnCondition, CfnParameter, CfnStackSet, Fn } from 'aws-cdk-lib'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import type { Template } from '../../template/template.ts'

/** CloudFormation takes so much inline, in bytes (cloudformation-limits). */
const TEMPLATE_BYTES_MAX = 51_200

/**
 * Gives each account that comes into the unit its baseline, so that nobody of ours has to be there. One region: roles have one name in an account, so
 * an account serves one region only. What leaves the unit keeps its baseline: there may be a tenant on it.
 */
export function accountStackSet(
  stack: PlainStack,
  input: {
    readonly accountTemplate: Template
    readonly engineRoleArn: string
    readonly organizationId: string
    readonly organizationalUnitId: string
  },
): CfnStackSet {
  const text = (name: string, allowedPattern: string, description: string) =>
    new CfnParameter(stack, name, { type: 'String', default: '', allowedPattern, description }).valueAsString
  const region = text(
    'DedicatedRegion',
    '^([a-z]{2}(-[a-z]+)+-[0-9])?$',
    'Region of the accounts that the engine makes. Empty: they get no baseline by themselves.',
  )
  const releaseBucket = text('ReleaseBucket', '^([a-z0-9.-]{3,63})?$', 'Bucket of that region that holds the code.')
  const isGiven = new CfnCondition(stack, 'HasDedicated', {
    expression: Fn.conditionAnd(
      Fn.conditionNot(Fn.conditionEquals(region, '')),
      Fn.conditionNot(Fn.conditionEquals(releaseBucket, '')),
    ),
  })
  const templateBody = JSON.stringify(input.accountTemplate)
  if (Buffer.byteLength(templateBody) > TEMPLATE_BYTES_MAX)
    throw new Error(`The account's baseline has ${Buffer.byteLength(templateBody)} bytes, more than a stack set takes.`)
  const stackSet = new CfnStackSet(stack, 'AccountBaseline', {
    stackSetName: 'baseline-account',
    description: 'Convoke account baseline',
    permissionModel: 'SERVICE_MANAGED',
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
    managedExecution: { Active: true },
    capabilities: ['CAPABILITY_NAMED_IAM'],
    // One account that cannot be done holds back no other.
    operationPreferences: { failureTolerancePercentage: 100, maxConcurrentPercentage: 100 },
    parameters: [
      { parameterKey: 'EngineRoleArn', parameterValue: input.engineRoleArn },
      { parameterKey: 'OrganizationId', parameterValue: input.organizationId },
      { parameterKey: 'ReleaseBucket', parameterValue: releaseBucket },
    ],
    stackInstancesGroup: [
      { deploymentTargets: { organizationalUnitIds: [input.organizationalUnitId] }, regions: [region] },
    ],
    templateBody,
  })
  stackSet.cfnOptions.condition = isGiven
  return stackSet
}
