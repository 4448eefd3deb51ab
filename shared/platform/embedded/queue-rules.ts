import { type QueueDefinition, QueueFailure } from '../queue.ts'

/** The port's message size: SQS and SNS, 256 KiB of UTF-8. */
export const BODY_BYTES_MAX = 262_144
/** SQS: a message is hidden at most 12 hours from its receive. */
export const VISIBILITY_SECONDS_MAX = 43_200
/** SQS: DelaySeconds. */
export const DELAY_SECONDS_MAX = 900
/** SQS: MaxNumberOfMessages. */
export const RECEIVE_MAX = 10
/** SQS's default, used for dead-letter queues. */
const DEAD_LETTER_VISIBILITY_SECONDS = 30

/** What SQS takes in a body: XML 1.0 characters (SendMessage, "valid characters"). */
const BAD_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

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

export function assertBody(body: string): void {
  if (body === '') throw QueueFailure.bad_request('a message body cannot be empty')
  if (Buffer.byteLength(body) > BODY_BYTES_MAX)
    throw QueueFailure.body_too_large(`a message body has at most ${BODY_BYTES_MAX} bytes`)
  if (BAD_CHARACTER.test(body)) throw QueueFailure.bad_request('a message body has a character that queues refuse')
}

/** A whole number from `min` to `max`. */
export function assertRange(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw QueueFailure.bad_request(`${name} must be a whole number from ${min} to ${max}`)
}

function assertDefinition({ queueName, visibilitySeconds, maxReceives }: QueueDefinition): void {
  if (!/^[A-Za-z0-9_-]{1,76}$/.test(queueName)) throw QueueFailure.bad_request(`${queueName} is not a queue name`)
  assertRange(`visibilitySeconds of ${queueName}`, visibilitySeconds, 0, VISIBILITY_SECONDS_MAX)
  assertRange(`maxReceives of ${queueName}`, maxReceives, 1, 1000)
}
