import { defineFailures } from '#shared/errors/failure.ts'

/** One received copy of a queued body; `receiptHandle` is good until the visibility ends. */
export type QueueMessage = {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  /** How often this message was received, this time included (SQS ApproximateReceiveCount). */
  readonly receiveCount: number
  /** Epoch milliseconds. */
  readonly sentAt: number
}

/** How a queue behaves; on AWS the template says it, embedded `createQueues` is told. */
export type QueueDefinition = {
  readonly queueName: string
  /** Topics that feed this queue. */
  readonly topicNames: readonly string[]
  /** Default visibility of a received message, seconds, at most 43,200 (12 h). */
  readonly visibilitySeconds: number
  /** A message received this often without being deleted moves to the dead-letter queue. */
  readonly maxReceives: number
}

export const QueueFailure = defineFailures('queue', {
  unknown_queue: { status: 500, retry: false },
  unknown_topic: { status: 500, retry: false },
  /** Over 262,144 bytes of UTF-8 (SQS and SNS message size). */
  body_too_large: { status: 413, retry: false },
  /** The receipt handle is of an older receive, or the message is gone. */
  stale_receipt: { status: 409, retry: false },
  bad_request: { status: 400, retry: false },
})

/** SNS Publish: every queue that listens to the topic gets its own copy, at least once, in no order. */
export interface Topics {
  publish(topicName: string, body: string): Promise<void>
}

/** SQS standard queues: at least once, no order, visibility, receive count, dead-letter queue `<queueName>-dlq`. */
export interface Queues {
  /** `delaySeconds` 0 to 900. */
  send(queueName: string, body: string, options?: { readonly delaySeconds?: number }): Promise<void>
  /** Up to `max` (1 to 10) messages; an empty list when there is none now (no long poll). */
  receive(
    queueName: string,
    options: { readonly max: number; readonly visibilitySeconds?: number },
  ): Promise<readonly QueueMessage[]>
  /** Deleting twice, or after the visibility ended and nobody else received it, succeeds. */
  delete(queueName: string, receiptHandle: string): Promise<void>
  /** 0 makes it receivable at once; at most 43,200. */
  changeVisibility(queueName: string, receiptHandle: string, visibilitySeconds: number): Promise<void>
  /** Waiting and in-flight counts, as CloudWatch's ApproximateNumberOfMessages*. */
  depth(queueName: string): Promise<{ readonly visible: number; readonly inFlight: number; readonly delayed: number }>
}
