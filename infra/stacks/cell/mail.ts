import { Aws } from 'aws-cdk-lib'
import { INLET_PREFIX, ROUTER_QUEUE, UNCLAIMED_PREFIX } from '#shared/contracts/cell-inlet.ts'
import { arnHere, slot, topicArnOf } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { PrivateBucket } from '../../constructs/private-bucket.ts'
import { QueueSubscription } from '../../constructs/queue-subscription.ts'
import { QueueWithDeadLetters } from '../../constructs/queue-with-dead-letters.ts'
import { ReceiptRule } from '../../constructs/receipt-rule.ts'
import type { Statement } from '../../constructs/statements.ts'
import { TlsTopic } from '../../constructs/tls-topic.ts'

/** Longer than a receipt can wait for a person among the dead letters (14 days); as long as tenants keep raw mail. */
const INLET_DAYS = 30

/** Names within the stack. */
const RULE = 'mail'
const TOPIC = 'mail-received'

/** Six times the router's timeout. */
export const ROUTER_TIMEOUT_SECONDS = 60
const ROUTER_VISIBILITY_SECONDS = 360

export type CellMail = ReturnType<typeof cellMail>

/** Where SES puts what the cell receives, and how the router hears of it. */
export function cellMail(stack: PlainStack) {
  const inlet = new PrivateBucket(stack, 'Inlet', {
    isVersioned: false,
    expiresAfterDays: { [INLET_PREFIX]: INLET_DAYS, [UNCLAIMED_PREFIX]: INLET_DAYS },
    statements: (bucketArn) => [fromOwnRule('s3:PutObject', `${bucketArn}/${INLET_PREFIX}*`)],
  })
  const topic = new TlsTopic(stack, 'MailReceived', {
    name: TOPIC,
    publishers: [fromOwnRule('sns:Publish', topicArnOf(TOPIC))],
  })
  const queue = new QueueWithDeadLetters(stack, 'Router', {
    name: ROUTER_QUEUE,
    visibilitySeconds: ROUTER_VISIBILITY_SECONDS,
    maxReceives: 5,
    topicArns: [topicArnOf(TOPIC)],
  })
  new QueueSubscription(stack, 'MailReceivedToRouter', { topicArn: topic.topicArn, queue })
  return { inlet, topic, queue }
}

/** One rule that catches every mail SES takes for this account: SES takes none for a domain it has no identity of. */
export function cellReceiptRule(stack: PlainStack, { inlet, topic }: CellMail, activatorArn: string): void {
  new ReceiptRule(stack, 'Receipt', {
    name: RULE,
    bucketName: inlet.ref,
    objectKeyPrefix: INLET_PREFIX,
    topicArn: topic.topicArn,
    activatorArn,
    after: [inlet.policy, topic.policy],
  })
}

/** SES acting for the rule of this very stack, and for no other account's. */
function fromOwnRule(action: string, resource: string): Statement {
  const name = `${slot('AWS::StackName')}-${RULE}`
  return {
    Sid: 'MailOfSes',
    Effect: 'Allow',
    Principal: { Service: 'ses.amazonaws.com' },
    Action: [action],
    Resource: [resource],
    Condition: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnEquals: { 'aws:SourceArn': arnHere('ses', `receipt-rule-set/${name}:receipt-rule/${name}`) },
    },
  }
}
