import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { nameInStack } from './names.ts'
import { type MaybeStatement, policyDocument, refuseWithoutTls } from './statements.ts'

type Props = {
  /** Name within the stack. */
  readonly name: string
  /** Who may publish beyond the account's own roles, with `topicArnOf(name)` as Resource. */
  readonly publishers?: readonly MaybeStatement[]
}

/** A topic that takes nothing without TLS. Whatever needs the right to publish at its creation depends on `policy`. */
export class TlsTopic extends CfnTopic {
  readonly topicArn: string
  readonly policy: CfnTopicPolicy

  constructor(scope: Construct, id: string, { name, publishers = [] }: Props) {
    super(scope, id, { topicName: nameInStack(name) })
    this.topicArn = this.ref
    this.policy = new CfnTopicPolicy(this, 'Policy', {
      topics: [this.ref],
      policyDocument: policyDocument([refuseWithoutTls('sns:Publish', [this.ref]), ...publishers]),
    })
  }
}
