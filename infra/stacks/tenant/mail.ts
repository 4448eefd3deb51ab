import { Aws, Fn } from 'aws-cdk-lib'
import { CfnConfigurationSet, CfnTenant } from 'aws-cdk-lib/aws-ses'
import { INBOUND_PREFIX, type TopicName } from '#shared/contracts/notices.ts'
import { arnHere, slot, topicArnOf } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import type { PrivateBucket } from '../../constructs/private-bucket.ts'
import { ReceiptRule } from '../../constructs/receipt-rule.ts'
import { configurationSetArn, eventsOfSes, SendEventFeed } from '../../constructs/send-event-feed.ts'
import { type MaybeStatement, type Statement, when } from '../../constructs/statements.ts'
import type { TenantConditions } from './conditions.ts'
import type { Messaging } from './messaging.ts'
import type { TenantParameters } from './parameters.ts'
import { ownReceiptRule } from './storage.ts'

/** Who besides the own functions publishes: SES tells of sent mail, and the cell's router or SES of received mail. */
export function outsidePublishers(parameters: TenantParameters, conditions: TenantConditions) {
  const publish = (sid: string, name: TopicName, principal: Readonly<Record<string, string>>): Statement => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: principal,
    Action: ['sns:Publish'],
    Resource: [topicArnOf(name)],
  })
  const ses = { Service: 'ses.amazonaws.com' }
  const mailReceived: MaybeStatement = when(
    conditions.inCell,
    publish('MailOfTheCell', 'mail-received', { AWS: parameters.cellRouterRoleArn }),
    { ...publish('MailOfSes', 'mail-received', ses), Condition: ownReceiptRule() },
  )
  return { 'mail-received': [mailReceived], 'send-events': [eventsOfSes('send-events')] }
}

/** Sending: a configuration set whose events come home, and an SES tenant that keeps the reputation apart. */
export function tenantMail(stack: PlainStack, messaging: Messaging, conditions: TenantConditions): CfnConfigurationSet {
  const configurationSet = new CfnConfigurationSet(stack, 'ConfigurationSet', {
    name: Aws.STACK_NAME,
    reputationOptions: { reputationMetricsEnabled: true },
  })
  new SendEventFeed(stack, 'SendEvents', {
    configurationSetName: configurationSet.ref,
    name: 'send-events',
    topic: messaging.topic('send-events'),
  })
  const sesTenant = new CfnTenant(stack, 'SesTenant', {
    tenantName: Aws.STACK_NAME,
    // The account's own list would stop one tenant's mail for what another's has met, and tell him of it.
    suppressionAttributes: { suppressionScope: 'TENANT', suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    resourceAssociations: [
      { resourceArn: configurationSetArn() },
      Fn.conditionIf(
        conditions.isIdentityReady.logicalId,
        { ResourceArn: arnHere('ses', `identity/${slot('DomainName')}`) },
        Aws.NO_VALUE,
      ),
    ],
  })
  sesTenant.addResourceDependency(configurationSet)
  return configurationSet
}

/** Receiving where no cell does it: the account's one active rule set is the tenant's own. */
export function tenantReceiptRule(stack: PlainStack, { parameters, conditions, messaging, bucket }: Input): void {
  const mailReceived = messaging.topic('mail-received')
  new ReceiptRule(stack, 'Receipt', {
    name: 'mail',
    recipients: [parameters.domainName],
    bucketName: bucket.ref,
    objectKeyPrefix: INBOUND_PREFIX,
    topicArn: mailReceived.topicArn,
    activatorArn: parameters.ruleSetActivatorArn,
    after: [bucket.policy, mailReceived.policy],
    condition: conditions.outsideCell,
  })
}

type Input = {
  readonly parameters: TenantParameters
  readonly conditions: TenantConditions
  readonly messaging: Messaging
  readonly bucket: PrivateBucket
}
