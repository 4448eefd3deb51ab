import { Aws } from 'aws-cdk-lib'
import { CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses'
import type { Construct } from 'constructs'
import { SES_EVENT_TYPES } from '#shared/contracts/ses-send-event.ts'
import { arnHere, slot, topicArnOf } from './names.ts'
import type { Statement } from './statements.ts'
import type { TlsTopic } from './tls-topic.ts'

/** Configuration set, and SES tenant where there is one, are named as the stack is. */
export const configurationSetArn = () => arnHere('ses', `configuration-set/${slot('AWS::StackName')}`)

/** SES may publish on the stack's topic of that name: for the stack's own configuration set, and no other account's. */
export function eventsOfSes(topicName: string): Statement {
  return {
    Sid: 'EventsOfSes',
    Effect: 'Allow',
    Principal: { Service: 'ses.amazonaws.com' },
    Action: ['sns:Publish'],
    Resource: [topicArnOf(topicName)],
    Condition: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnEquals: { 'aws:SourceArn': configurationSetArn() },
    },
  }
}

type Props = { readonly configurationSetName: string; readonly name: string; readonly topic: TlsTopic }

/** Has SES tell of every mail that is sent with the configuration set; it tries the topic when it is made. */
export class SendEventFeed extends CfnConfigurationSetEventDestination {
  constructor(scope: Construct, id: string, { configurationSetName, name, topic }: Props) {
    super(scope, id, {
      configurationSetName,
      eventDestination: {
        name,
        enabled: true,
        // CloudFormation spells them as the first SES API did: `deliveryDelay`.
        matchingEventTypes: SES_EVENT_TYPES.map((type) => `${type.charAt(0).toLowerCase()}${type.slice(1)}`),
        snsDestination: { topicArn: topic.topicArn },
      },
    })
    this.addResourceDependency(topic.policy)
  }
}
