import { controlQueueNames, controlQueues, MAIL_EVENTS, type QueueName } from '#control-plane/manifest.ts'
import { pascalCase, topicArnOf } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueWithDeadLetters } from '../../constructs/queue-with-dead-letters.ts'
import type { Statement } from '../../constructs/statements.ts'
import { anyAccountsRole, TENANT_NAMES } from '../baseline/names.ts'

export type ControlMessaging = {
  readonly queue: (name: QueueName) => QueueWithDeadLetters
  readonly queues: readonly QueueWithDeadLetters[]
}

/** The manifest's queues, each with its dead letters; strangers to the account send to one of them alone. */
export function controlMessaging(stack: PlainStack, organizationId: string): ControlMessaging {
  const queues = new Map(
    controlQueueNames().map((name) => {
      const { visibilitySeconds, maxReceives } = controlQueues[name]
      const senders = name === 'tenant-notice' ? { senders: fromTenants(organizationId) } : {}
      return [
        name,
        new QueueWithDeadLetters(stack, pascalCase(name), {
          name,
          visibilitySeconds,
          maxReceives,
          topicArns: name === MAIL_EVENTS ? [topicArnOf(MAIL_EVENTS)] : [],
          ...senders,
        }),
      ]
    }),
  )
  return {
    queue(name) {
      const queue = queues.get(name)
      if (queue === undefined) throw new Error(`${name} is not in the manifest`)
      return queue
    },
    queues: [...queues.values()],
  }
}

/**
 * Roles of tenants' stacks in any account of the organisation; whose stack a message is of, its reader finds by who sent it. A stack in a
 * customer's own account is outside of the organisation and tells nobody.
 */
function fromTenants(organizationId: string): (queueArn: string) => readonly Statement[] {
  return (queueArn) => [
    {
      Sid: 'FromTenants',
      Effect: 'Allow',
      Principal: '*',
      Action: ['sqs:SendMessage'],
      Resource: [queueArn],
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': organizationId },
        ArnLike: { 'aws:PrincipalArn': anyAccountsRole(`/${TENANT_NAMES}`) },
      },
    },
  ]
}
