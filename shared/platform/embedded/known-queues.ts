import { type QueueDefinition, QueueFailure } from '../queue.ts'
import { assertRange, VISIBILITY_SECONDS_MAX } from '../queue-rules.ts'

/** SQS's default, used for dead-letter queues. */
const DEAD_LETTER_VISIBILITY_SECONDS = 30

export type KnownQueue = {
  readonly queueName: string
  readonly visibilitySeconds: number
  /** Undefined for a dead-letter queue, whose messages stay. */
  readonly maxReceives: number | undefined
}

export type KnownQueues = {
  readonly queue: (queueName: string) => KnownQueue
  /** The queues that listen to the topic. */
  readonly listeners: (topicName: string) => readonly string[]
}

export function deadLetterName(queueName: string): string {
  return `${queueName}-dlq`
}

/** Checks the definitions once; afterwards an unknown name is `unknown_queue` or `unknown_topic`. */
export function knowQueues(definitions: readonly QueueDefinition[]): KnownQueues {
  const queues = new Map<string, KnownQueue>()
  for (const definition of definitions) {
    assertDefinition(definition)
    const { queueName, visibilitySeconds, maxReceives } = definition
    const deadLetter = {
      queueName: deadLetterName(queueName),
      visibilitySeconds: DEAD_LETTER_VISIBILITY_SECONDS,
      maxReceives: undefined,
    }
    for (const known of [{ queueName, visibilitySeconds, maxReceives }, deadLetter]) {
      if (queues.has(known.queueName)) throw QueueFailure.bad_request(`two queues are named ${known.queueName}`)
      queues.set(known.queueName, known)
    }
  }
  return {
    queue(queueName) {
      const known = queues.get(queueName)
      if (known === undefined) throw QueueFailure.unknown_queue(`there is no queue ${queueName}`)
      return known
    },
    listeners(topicName) {
      const listening = definitions.filter(({ topicNames }) => topicNames.includes(topicName))
      if (listening.length === 0) throw QueueFailure.unknown_topic(`there is no topic ${topicName}`)
      return listening.map(({ queueName }) => queueName)
    },
  }
}

function assertDefinition({ queueName, visibilitySeconds, maxReceives }: QueueDefinition): void {
  if (!/^[A-Za-z0-9_-]{1,76}$/.test(queueName)) throw QueueFailure.bad_request(`${queueName} is not a queue name`)
  assertRange(`visibilitySeconds of ${queueName}`, visibilitySeconds, 0, VISIBILITY_SECONDS_MAX)
  assertRange(`maxReceives of ${queueName}`, maxReceives, 1, 1000)
}
