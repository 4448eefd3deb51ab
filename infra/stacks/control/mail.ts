import { Aws } from 'aws-cdk-lib'
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-ses'
import { MAIL_EVENTS } from '#control-plane/manifest.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueSubscription } from '../../constructs/queue-subscription.ts'
import { eventsOfSes, SendEventFeed } from '../../constructs/send-event-feed.ts'
import { TlsTopic } from '../../constructs/tls-topic.ts'
import type { ControlMessaging } from './messaging.ts'

/** A configuration set whose events come home. Its suppression list is the account's, in which nobody else sends. */
export function controlMail(stack: PlainStack, messaging: ControlMessaging): void {
  const configurationSet = new CfnConfigurationSet(stack, 'ConfigurationSet', {
    name: Aws.STACK_NAME,
    reputationOptions: { reputationMetricsEnabled: true },
    suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  })
  const topic = new TlsTopic(stack, 'MailEventsTopic', { name: MAIL_EVENTS, publishers: [eventsOfSes(MAIL_EVENTS)] })
  new QueueSubscription(stack, 'MailEventsSubscription', {
    topicArn: topic.topicArn,
    queue: messaging.queue(MAIL_EVENTS),
  })
  new SendEventFeed(stack, 'MailEventsFeed', {
    configurationSetName: configurationSet.ref,
    name: MAIL_EVENTS,
    topic,
  })
}
