import { CfnCondition, CfnOutput, CfnParameter, Fn, type IStackSynthesizer } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ACCOUNT_BASELINE, CELL_VERSION } from '#shared/contracts/account-baseline.ts'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { slot } from '../constructs/names.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { SharedLogGroup } from '../constructs/shared-log-group.ts'
import { acknowledgeAccountFindings } from './baseline/acknowledged.ts'
import { ruleSetActivator } from './baseline/activator.ts'
import { baselineBoundary, tenantBoundary } from './baseline/boundaries.ts'
import { ownerlessArn } from './baseline/names.ts'
import { type BaselineDefaults, baselineParameters } from './baseline/parameters.ts'
import { TenantOperations, withinOrganization } from './baseline/tenant-operations.ts'

type Props = {
  readonly bundles: FunctionBundles
  readonly deployedBy?: IStackSynthesizer
  readonly defaults?: BaselineDefaults
}

/**
 * What an account of one tenant, ours or the customer's, needs before the tenant's stack: who may stamp it, within which bounds, and the
 * function that makes its receipt rules active. No release bucket: it reads the region's.
 */
export class AccountStack extends PlainStack {
  constructor(scope: Construct, id: string, { bundles, deployedBy, defaults = {} }: Props) {
    super(scope, id, {
      description: `Convoke account ${CELL_VERSION}`,
      ...(deployedBy === undefined ? {} : { deployedBy }),
    })
    const { releaseBucket, engineRoleArn, organizationId } = baselineParameters(this, defaults)
    const externalId = new CfnParameter(this, 'ExternalId', {
      type: 'String',
      default: '',
      allowedPattern: '^([A-Za-z0-9_-]{32,128})?$',
      description:
        'Account of a customer: the secret that we made for this tenant alone. Empty in our own organisation.',
    }).valueAsString
    const isCustomers = new CfnCondition(this, 'IsCustomers', {
      expression: Fn.conditionNot(Fn.conditionEquals(externalId, '')),
    })
    const logGroup = new SharedLogGroup(this, 'Logs')
    const boundaryArn = baselineBoundary(this).ref
    const tenantBoundaryArn = tenantBoundary(this, {
      engineRoleArn,
      managedPolicyName: ACCOUNT_BASELINE.tenantBoundary,
    }).ref
    const activator = ruleSetActivator(this, { bundles, releaseBucket, logGroup, boundaryArn })
    activator.functionName = ACCOUNT_BASELINE.activator
    const operations = new TenantOperations(this, 'Tenants', {
      engineRoleArn,
      roleNames: { operating: ACCOUNT_BASELINE.operatingRole, execution: ACCOUNT_BASELINE.executionRole },
      // The organisation of the engine in both cases; the secret on top keeps one customer from naming another's account.
      trustOnlyIf: Fn.conditionIf(
        isCustomers.logicalId,
        { StringEquals: { 'aws:PrincipalOrgID': organizationId, 'sts:ExternalId': externalId } },
        withinOrganization(organizationId),
      ),
      baselineBoundaryArn: boundaryArn,
      tenantBoundaryArn,
      releaseBucketArn: ownerlessArn('s3', slot('ReleaseBucket')),
      activatorArn: activator.attrArn,
    })
    const outputs = {
      CellVersion: CELL_VERSION,
      RuleSetActivatorArn: activator.attrArn,
      TenantBoundaryArn: tenantBoundaryArn,
      TenantOperatingRoleArn: operations.operatingRoleArn,
      TenantExecutionRoleArn: operations.executionRoleArn,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
    acknowledgeAccountFindings(this)
  }
}
