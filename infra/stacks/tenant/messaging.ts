import type { TopicName } from '#shared/contracts/notices.ts'
import { type PipelineName, pipelineNames, pipelines, queueNameOf, topicNames } from '#tenant-stack/manifest.ts'
import { pascalCase, topicArnOf } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueSubscription } from '../../constructs/queue-subscription.ts'
import { QueueWithDeadLetters } from '../../constructs/queue-with-dead-letters.ts'
import type { MaybeStatement } from '../../constructs/statements.ts'
import { TlsTopic } from '../../constructs/tls-topic.ts'

export type Messaging = {
  readonly topic: (name: TopicName) => TlsTopic
  readonly queue: (name: PipelineName) => QueueWithDeadLetters
  readonly queues: readonly QueueWithDeadLetters[]
}

type Publishers = Partial<Readonly<Record<TopicName, readonly MaybeStatement[]>>>

/** Topics, queues and what feeds which: the manifest's, and nothing else. `publishers`: who publishes besides the own functions. */
export function tenantMessaging(stack: PlainStack, publishers: Publishers): Messaging {
  const topics = new Map(
    topicNames().map((name) => [
      name,
      new TlsTopic(stack, `${pascalCase(name)}Topic`, { name, publishers: publishers[name] ?? [] }),
    ]),
  )
  const queues = new Map(pipelineNames().map((name) => [name, tenantQueue(stack, name)]))
  const messaging: Messaging = {
    topic: (name) => found(topics, name),
    queue: (name) => found(queues, name),
    queues: [...queues.values()],
  }
  for (const name of pipelineNames())
    for (const topicName of pipelines[name].listensTo)
      new QueueSubscription(stack, `${pascalCase(topicName)}To${pascalCase(name)}`, {
        topicArn: messaging.topic(topicName).topicArn,
        queue: messaging.queue(name),
      })
  return messaging
}

function tenantQueue(stack: PlainStack, name: PipelineName): QueueWithDeadLetters {
  const { visibilitySeconds, maxReceives, listensTo } = pipelines[name]
  return new QueueWithDeadLetters(stack, pascalCase(name), {
    name: queueNameOf(name),
    visibilitySeconds,
    maxReceives,
    topicArns: listensTo.map((topicName) => topicArnOf(topicName)),
  })
}

function found<K extends string, V>(map: ReadonlyMap<K, V>, name: K): V {
  const value = map.get(name)
  if (value === undefined) throw new Error(`${name} is not in the manifest`)
  return value
}
