import { controlQueueNames, controlQueues, type QueueName } from '#control-plane/manifest.ts'
import { pascalCase } from '../../constructs/names.ts'
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
          topicArns: [],
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
 * Roles of tenants' stacks in any account of the organisation. A stack in a customer's own account is outside of it: what it has to tell
 * is fetched by the engine, which is let in there by the customer's role.
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
