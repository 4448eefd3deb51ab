import type { QueueDefinition, QueueMessage, Queues, Topics } from '#shared/platform/queue.ts'

/** What the suite needs of an implementation; no case reaches inside. */
export type QueueSubject = {
  readonly queues: Queues
  readonly topics: Topics
  /** Returns when so much time has passed for the queues: a real wait, or a clock moved on. */
  readonly passTime: (seconds: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Makes queues and topics for one case, empty. */
export type MakeQueueSubject = (definitions: readonly QueueDefinition[]) => Promise<QueueSubject>

export const DEFINITIONS: readonly QueueDefinition[] = [
  { queueName: 'work', topicNames: ['news'], visibilitySeconds: 2, maxReceives: 3 },
  { queueName: 'audit', topicNames: ['news', 'alarms'], visibilitySeconds: 60, maxReceives: 5 },
  { queueName: 'plain', topicNames: [], visibilitySeconds: 60, maxReceives: 2 },
]

/** A short poll may find less than is there, so asking goes on until `count` came or many looks found nothing. */
export async function receiveCount(
  queues: Queues,
  queueName: string,
  count: number,
  visibilitySeconds = 60,
): Promise<readonly QueueMessage[]> {
  const received: QueueMessage[] = []
  for (let look = 0; look < 60 && received.length < count; look += 1)
    received.push(
      ...(await queues.receive(queueName, { max: Math.min(10, count - received.length), visibilitySeconds })),
    )
  return received
}

/** One message, which must come. */
export async function receiveOne(queues: Queues, queueName: string, visibilitySeconds = 60): Promise<QueueMessage> {
  const [message] = await receiveCount(queues, queueName, 1, visibilitySeconds)
  if (message === undefined) throw new Error(`nothing came from ${queueName}`)
  return message
}

export function bodies(messages: readonly QueueMessage[]): readonly string[] {
  return messages.map(({ body }) => body).toSorted((a, b) => (a < b ? -1 : Number(a > b)))
}
