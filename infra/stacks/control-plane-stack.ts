import { Aws, CfnOutput, Fn, type IStackSynthesizer } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { CustomDomain } from '../constructs/custom-domain.ts'
import { KeyedTable } from '../constructs/keyed-table.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { RestApi } from '../constructs/rest-api.ts'
import { SharedLogGroup } from '../constructs/shared-log-group.ts'
import { BASELINE_PATH, ENGINE_ROLE_NAME } from './baseline/names.ts'
import { acknowledgeControlFindings } from './control/acknowledged.ts'
import { controlConditions, controlRules } from './control/conditions.ts'
import { publicUrlOf } from './control/environment.ts'
import { controlStackFunctions } from './control/functions.ts'
import { controlMail } from './control/mail.ts'
import { controlMessaging } from './control/messaging.ts'
import { type ControlDefaults, controlParameters } from './control/parameters.ts'
import { type ControlEstate, INDEX_NAMES } from './control/roles.ts'
import { controlWatching } from './control/watching.ts'

/** The vendor's people and licensees, not a flood: the account's 10,000 a second are everybody's. */
const REQUESTS_PER_SECOND = 100
const BURST_REQUESTS = 200

/** Known by name, because cells of other accounts trust it before it has done anything. */
export function engineRoleArn(awsAccountId: string): string {
  return `arn:aws:iam::${awsAccountId}:role${BASELINE_PATH}${ENGINE_ROLE_NAME}`
}

type Props = {
  readonly bundles: FunctionBundles
  readonly deployedBy?: IStackSynthesizer
  readonly defaults?: ControlDefaults
}

/** What sells licences, stamps tenants and looks after them: one table, a queue for each kind of work, a role for each trust boundary. */
export class ControlPlaneStack extends PlainStack {
  constructor(scope: Construct, id: string, { bundles, deployedBy, defaults = {} }: Props) {
    super(scope, id, { description: 'Convoke control plane', ...(deployedBy === undefined ? {} : { deployedBy }) })
    const parameters = controlParameters(this, defaults)
    const conditions = controlConditions(this, parameters)
    controlRules(this, parameters)
    const messaging = controlMessaging(this, parameters.organizationId)
    const table = new KeyedTable(this, 'Table', {
      indexNames: INDEX_NAMES,
      deletionProtection: Fn.conditionIf(conditions.isProtected.logicalId, true, false),
    })
    const logGroup = new SharedLogGroup(this, 'Logs')
    const estate: ControlEstate = { parameters, conditions, messaging, table, logGroup }
    controlMail(this, messaging)
    const restApi = new RestApi(this, 'Api', {
      name: 'api',
      stageName: 'live',
      paths: [],
      throttle: { requestsPerSecond: REQUESTS_PER_SECOND, burstRequests: BURST_REQUESTS },
      hasOwnName: conditions.hasDomain,
    })
    const publicUrl = publicUrlOf(estate, restApi)
    const functionOf = controlStackFunctions(this, { estate, publicUrl, bundles })
    const front = functionOf('control-front')
    const stage = restApi.leadTo(front.attrArn)
    const domain = new CustomDomain(this, 'Address', {
      domainName: parameters.domainName,
      certificateArn: parameters.certificateArn,
      hostedZoneId: parameters.hostedZoneId,
      stage,
      condition: conditions.hasDomain,
      recordCondition: conditions.hasZone,
    })
    controlWatching(this, estate, { front, sweeps: functionOf('control-sweeps') })
    acknowledgeControlFindings(this)
    const outputs = {
      PublicUrl: publicUrl,
      EngineRoleArn: engineRoleArn(Aws.ACCOUNT_ID),
      TableName: table.ref,
      TenantNoticeQueueArn: messaging.queue('tenant-notice').queueArn,
      TenantNoticeQueueUrl: messaging.queue('tenant-notice').queueUrl,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
    // For who enters the address record himself.
    new CfnOutput(this, 'RegionalDomainName', { value: domain.regionalDomainName, condition: conditions.hasDomain })
  }
}
