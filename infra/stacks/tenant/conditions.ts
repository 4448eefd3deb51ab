import { CfnCondition, CfnRule, Fn, type ICfnConditionExpression } from 'aws-cdk-lib'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import type { TenantParameters } from './parameters.ts'

export type TenantConditions = ReturnType<typeof tenantConditions>

/** What parts of the template depend on. */
export function tenantConditions(stack: PlainStack, parameters: TenantParameters) {
  const condition = (name: string, expression: ICfnConditionExpression) => new CfnCondition(stack, name, { expression })
  const isEmpty = (value: string) => Fn.conditionEquals(value, '')
  const inCell = Fn.conditionEquals(parameters.placement, 'cell')
  const throttled = Fn.conditionEquals(parameters.gatewayThrottle, 'on')
  return {
    inCell: condition('InCell', inCell),
    outsideCell: condition('OutsideCell', Fn.conditionNot(inCell)),
    hasCertificate: condition('HasCertificate', Fn.conditionNot(isEmpty(parameters.certificateArn))),
    hasZone: condition(
      'HasZone',
      Fn.conditionAnd(
        Fn.conditionNot(isEmpty(parameters.certificateArn)),
        Fn.conditionNot(isEmpty(parameters.hostedZoneId)),
      ),
    ),
    isIdentityReady: condition('IsIdentityReady', Fn.conditionEquals(parameters.identityIsReady, 'true')),
    isProtected: condition('IsProtected', Fn.conditionEquals(parameters.deletionProtection, 'true')),
    isThrottled: condition('IsThrottled', throttled),
    hasAlarmTopic: condition('HasAlarmTopic', Fn.conditionNot(isEmpty(parameters.alarmTopicArn))),
    hasNoticeQueue: condition('HasNoticeQueue', Fn.conditionNot(isEmpty(parameters.tenantNoticeQueueUrl))),
    sharesSendRate: condition('SharesSendRate', Fn.conditionNot(isEmpty(parameters.sendRateTable))),
    hasBoundary: condition('HasBoundary', Fn.conditionNot(isEmpty(parameters.tenantBoundaryArn))),
  }
}

/** Combinations that cannot work, refused before anything is made. */
export function tenantRules(stack: PlainStack, parameters: TenantParameters): void {
  const given = (value: string) => Fn.conditionNot(Fn.conditionEquals(value, ''))
  const inCell = Fn.conditionEquals(parameters.placement, 'cell')
  const rows = [
    ['CellHasRouter', inCell, parameters.cellRouterRoleArn, 'In a cell, CellRouterRoleArn brings the mail.'],
    [
      'OwnRulesAreActivated',
      Fn.conditionNot(inCell),
      parameters.ruleSetActivatorArn,
      'Outside a cell, RuleSetActivatorArn makes the receipt rules active.',
    ],
    ['CellBoundsRoles', inCell, parameters.tenantBoundaryArn, 'In a cell, no role is made without TenantBoundaryArn.'],
  ] as const
  for (const [name, ruleCondition, needed, assertDescription] of rows)
    new CfnRule(stack, name, { ruleCondition, assertions: [{ assert: given(needed), assertDescription }] })
}
