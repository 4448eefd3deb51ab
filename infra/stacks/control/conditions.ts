import { CfnCondition, CfnRule, Fn, type ICfnConditionExpression } from 'aws-cdk-lib'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import type { ControlParameters } from './parameters.ts'

export type ControlConditions = ReturnType<typeof controlConditions>

/** What parts of the template depend on. */
export function controlConditions(stack: PlainStack, parameters: ControlParameters) {
  const condition = (name: string, expression: ICfnConditionExpression) => new CfnCondition(stack, name, { expression })
  const given = (value: string) => Fn.conditionNot(Fn.conditionEquals(value, ''))
  return {
    hasDomain: condition('HasDomain', given(parameters.domainName)),
    hasZone: condition('HasZone', Fn.conditionAnd(given(parameters.domainName), given(parameters.hostedZoneId))),
    hasAlarmTopic: condition('HasAlarmTopic', given(parameters.alarmTopicArn)),
    isProtected: condition('IsProtected', Fn.conditionEquals(parameters.deletionProtection, 'true')),
  }
}

/** A name without a certificate would fail in the middle of the update: it is refused before anything is made. */
export function controlRules(stack: PlainStack, { domainName, certificateArn }: ControlParameters): void {
  const given = (value: string) => Fn.conditionNot(Fn.conditionEquals(value, ''))
  new CfnRule(stack, 'DomainHasCertificate', {
    ruleCondition: given(domainName),
    assertions: [{ assert: given(certificateArn), assertDescription: 'DomainName comes with CertificateArn.' }],
  })
}
