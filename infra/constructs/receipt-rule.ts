import { type CfnCondition, CfnResource } from 'aws-cdk-lib'
import { CfnReceiptRule, CfnReceiptRuleSet } from 'aws-cdk-lib/aws-ses'
import { Construct } from 'constructs'
import { nameInStack } from './names.ts'

type Props = {
  /** Name within the stack of the set and of its one rule. */
  readonly name: string
  /** Addresses or domains; absent: whatever the account receives. */
  readonly recipients?: readonly string[]
  readonly bucketName: string
  readonly objectKeyPrefix: string
  /** Hears of each stored mail; mail over 150 KB would bounce if the notice carried it. */
  readonly topicArn: string
  /** ARN of the account's function that makes a set the active one, and refuses when somebody else's is. */
  readonly activatorArn: string
  /** SES tries to write and to publish when a rule is made: whatever lets it comes first. */
  readonly after: readonly CfnResource[]
  readonly condition?: CfnCondition
}

/** A rule set of one rule that stores every mail and tells of it, and its activation, which CloudFormation itself cannot do. */
export class ReceiptRule extends Construct {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id)
    const ruleSet = new CfnReceiptRuleSet(this, 'Set', { ruleSetName: nameInStack(props.name) })
    const rule = new CfnReceiptRule(this, 'Rule', {
      ruleSetName: ruleSet.ref,
      rule: {
        name: nameInStack(props.name),
        enabled: true,
        scanEnabled: true,
        tlsPolicy: 'Optional',
        ...(props.recipients === undefined ? {} : { recipients: [...props.recipients] }),
        actions: [
          {
            s3Action: {
              bucketName: props.bucketName,
              objectKeyPrefix: props.objectKeyPrefix,
              topicArn: props.topicArn,
            },
          },
        ],
      },
    })
    for (const resource of props.after) rule.addResourceDependency(resource)
    const active = new CfnResource(this, 'Active', {
      type: 'Custom::ActiveReceiptRuleSet',
      properties: { ServiceToken: props.activatorArn, RuleSetName: ruleSet.ref },
    })
    active.addResourceDependency(rule)
    if (props.condition === undefined) return
    for (const part of [ruleSet, rule, active]) part.cfnOptions.condition = props.condition
  }
}
