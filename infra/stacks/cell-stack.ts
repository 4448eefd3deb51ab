import { CfnCondition, CfnOutput, CfnParameter, Fn, type IStackSynthesizer } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { CELL_VERSION } from '#shared/contracts/account-baseline.ts'
import { CELL_TABLE_SCOPE } from '#shared/contracts/cell-routes.ts'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { KeyedTable } from '../constructs/keyed-table.ts'
import { slot } from '../constructs/names.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { SharedLogGroup } from '../constructs/shared-log-group.ts'
import { allow, type Statement } from '../constructs/statements.ts'
import { acknowledgeCellFindings } from './baseline/acknowledged.ts'
import { ruleSetActivator } from './baseline/activator.ts'
import { baselineBoundary, tenantBoundary } from './baseline/boundaries.ts'
import { ownerlessArn } from './baseline/names.ts'
import { type BaselineDefaults, baselineParameters } from './baseline/parameters.ts'
import { TenantOperations, withinOrganization } from './baseline/tenant-operations.ts'
import { cellFunctions } from './cell/functions.ts'
import { cellMail, cellReceiptRule } from './cell/mail.ts'
import { cellWatching } from './cell/watching.ts'

type Props = {
  readonly bundles: FunctionBundles
  readonly deployedBy?: IStackSynthesizer
  readonly defaults?: BaselineDefaults & { readonly alarmTopicArn?: string }
}

/** What the tenants of one account and region share: how mail reaches them, how fast they may send, and who may stamp them. */
export class CellStack extends PlainStack {
  constructor(scope: Construct, id: string, { bundles, deployedBy, defaults = {} }: Props) {
    super(scope, id, {
      description: `Convoke cell ${CELL_VERSION}`,
      ...(deployedBy === undefined ? {} : { deployedBy }),
    })
    const { releaseBucket, engineRoleArn, organizationId } = baselineParameters(this, defaults)
    const alarmTopicArn = new CfnParameter(this, 'AlarmTopicArn', {
      type: 'String',
      default: defaults.alarmTopicArn ?? '',
    }).valueAsString
    const hasAlarmTopic = new CfnCondition(this, 'HasAlarmTopic', {
      expression: Fn.conditionNot(Fn.conditionEquals(alarmTopicArn, '')),
    })
    // The stack is made once by the pipeline; protection against deletion would only hinder the clean-up of a first try that failed.
    const table = new KeyedTable(this, 'Table', { deletionProtection: false, indexNames: [] })
    // The rate of SES is the account's: one item a second, which every sender of the cell counts up until the rate is used.
    const rateTable = new KeyedTable(this, 'SendRateTable', { deletionProtection: false, indexNames: [] })
    const logGroup = new SharedLogGroup(this, 'Logs')
    const boundaryArn = baselineBoundary(this).ref
    const tenantBoundaryArn = tenantBoundary(this, { engineRoleArn, rateTableArn: rateTable.attrArn }).ref
    const mail = cellMail(this)
    const activator = ruleSetActivator(this, { bundles, releaseBucket, logGroup, boundaryArn })
    cellReceiptRule(this, mail, activator.attrArn)
    const { routerRoleArn } = cellFunctions(this, { bundles, releaseBucket, boundaryArn, logGroup, table, mail })
    const operations = new TenantOperations(this, 'Tenants', {
      engineRoleArn,
      trustOnlyIf: withinOrganization(organizationId),
      baselineBoundaryArn: boundaryArn,
      tenantBoundaryArn,
      releaseBucketArn: ownerlessArn('s3', slot('ReleaseBucket')),
      more: [routeWriting(table)],
    })
    cellWatching(this, { logGroup, alarmTopicArn, hasAlarmTopic })
    const outputs = {
      CellVersion: CELL_VERSION,
      CellRouterRoleArn: routerRoleArn,
      RuleSetActivatorArn: activator.attrArn,
      ReleaseBucketName: releaseBucket,
      TenantBoundaryArn: tenantBoundaryArn,
      TenantOperatingRoleArn: operations.operatingRoleArn,
      TenantExecutionRoleArn: operations.executionRoleArn,
      CellTableName: table.ref,
      SendRateTableName: rateTable.ref,
      InletBucketName: mail.inlet.ref,
      MailTopicArn: mail.topic.topicArn,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
    acknowledgeCellFindings(this)
  }
}

/** The engine writes routes and cannot touch what the router remembers of mail. */
function routeWriting(table: KeyedTable): Statement {
  return {
    ...allow(
      ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'].map((verb) => `dynamodb:${verb}`),
      [table.attrArn],
    ),
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${CELL_TABLE_SCOPE}#route#*`] },
      // ForAllValues alone holds of a request that names no key.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  }
}
