import type { TopicName } from '#shared/contracts/notices.ts'

/** One pipeline: topics → queue (with its dead-letter queue) → function. The embedded runtime and the template both read this. */
export type Pipeline = {
  /** Its row in the product's list of eight. */
  readonly row: number
  readonly listensTo: readonly TopicName[]
  readonly publishes: readonly TopicName[]
  /** Records per invocation. */
  readonly batchSize: number
  readonly timeoutSeconds: number
  /** At least six times the timeout (SQS with Lambda, "Configuring a queue"). */
  readonly visibilitySeconds: number
  readonly maxReceives: number
  /** Invocations at once (event source maximumConcurrency, 2 or more). */
  readonly concurrency: number
  readonly memoryMb: number
  /** Heavy libraries its function loads lazily; all others must not import them. */
  readonly lazyModules: readonly ('mailparser' | 'mailauth' | 'nodemailer')[]
}

const standard = { batchSize: 10, maxReceives: 5, lazyModules: [] } as const

export const pipelines = {
  inlet: {
    ...standard,
    row: 1,
    listensTo: ['mail-received'],
    publishes: ['mail-create', 'mail-reply'],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 10,
    memoryMb: 512,
    lazyModules: ['mailauth'],
  },
  disassemble: {
    ...standard,
    row: 2,
    listensTo: ['mail-create'],
    publishes: ['event-created', 'create-failed', 'confirmation-needed', 'event-updated', 'event-cancelled'],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 10,
    memoryMb: 1024,
    lazyModules: ['mailparser'],
  },
  'failed-notice': {
    ...standard,
    row: 3,
    listensTo: ['create-failed', 'confirmation-needed'],
    publishes: [],
    timeoutSeconds: 30,
    visibilitySeconds: 180,
    concurrency: 2,
    memoryMb: 512,
  },
  'created-notice': {
    ...standard,
    row: 4,
    listensTo: ['event-created'],
    publishes: [],
    timeoutSeconds: 30,
    visibilitySeconds: 180,
    concurrency: 4,
    memoryMb: 512,
  },
  /** Single sends are chunks of one on a queue of their own, so that no list delays them. */
  'send-one': {
    ...standard,
    row: 5,
    listensTo: ['invitation-requested'],
    publishes: [],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 10,
    memoryMb: 512,
  },
  'send-chunk': {
    ...standard,
    row: 5,
    listensTo: ['chunk-planned'],
    publishes: [],
    batchSize: 1,
    timeoutSeconds: 120,
    visibilitySeconds: 720,
    concurrency: 4,
    memoryMb: 512,
  },
  reply: {
    ...standard,
    row: 6,
    listensTo: ['mail-reply'],
    publishes: ['invitation-requested'],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 20,
    memoryMb: 1024,
    lazyModules: ['mailparser'],
  },
  cancel: {
    ...standard,
    row: 7,
    listensTo: ['event-cancelled'],
    publishes: ['chunk-planned', 'event-cancelled'],
    batchSize: 1,
    timeoutSeconds: 120,
    visibilitySeconds: 720,
    concurrency: 2,
    memoryMb: 512,
  },
  update: {
    ...standard,
    row: 8,
    listensTo: ['event-updated'],
    publishes: ['chunk-planned', 'event-updated'],
    batchSize: 1,
    timeoutSeconds: 120,
    visibilitySeconds: 720,
    concurrency: 2,
    memoryMb: 512,
  },
} as const satisfies Record<string, Pipeline>

export type PipelineName = keyof typeof pipelines

/** Timed work: what a lost notice left behind is found again. */
export const sweeps = {
  /** Objects older than 10 minutes without a ledger row are enqueued again. */
  inbound: { everySeconds: 900, olderThanSeconds: 600 },
  /** Rows whose work was promised but not finished: notices to publish, chunks to send. */
  unfinished: { everySeconds: 60, olderThanSeconds: 60 },
} as const

/** Queue of a pipeline; its dead-letter queue is `<queueName>-dlq`. */
export function queueNameOf(pipelineName: PipelineName): string {
  return pipelineName
}
