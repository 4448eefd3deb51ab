import { noticeOf, type TopicName } from '#shared/contracts/notices.ts'
import type { Pipeline } from './pipeline.ts'

export type { LazyModule, Pipeline, TrustBoundary } from './pipeline.ts'

/** A whole processor (Lambda: at 1,769 MB): with less of one a harmless large mail would seem to hang and be quarantined. */
const READER_MEMORY_MB = 1792

const standard = { batchSize: 10, maxReceives: 5, lazyModules: [] } as const

/** What walks a whole event or list: one at a time, and as long as that takes. */
const long = {
  ...standard,
  batchSize: 1,
  timeoutSeconds: 120,
  visibilitySeconds: 720,
  concurrency: 2,
  memoryMb: 512,
} as const

/** What became of an event, to be told to its attendees. */
const eventChanges = ['event-updated', 'event-cancelled'] as const

/** What is asked for and made aside; and what organizers are told, too. */
const asked = ['report-due', 'webhook-due'] as const
const promised = ['notice-due', ...asked] as const

export const pipelines = {
  inlet: {
    ...standard,
    boundary: 'reader',
    row: 1,
    listensTo: ['mail-received'],
    publishes: ['mail-create', 'mail-reply'],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 10,
    memoryMb: READER_MEMORY_MB,
    lazyModules: ['mailauth'],
  },
  disassemble: {
    ...standard,
    boundary: 'reader',
    row: 2,
    listensTo: ['mail-create', 'proposal-accepted'],
    publishes: ['event-created', 'create-failed', 'confirmation-needed', 'list-due', ...promised, ...eventChanges],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 10,
    memoryMb: READER_MEMORY_MB,
    lazyModules: ['mailparser'],
  },
  'failed-notice': {
    ...standard,
    boundary: 'sender',
    row: 3,
    listensTo: ['create-failed', 'confirmation-needed'],
    publishes: [],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 2,
    memoryMb: 512,
  },
  'created-notice': {
    ...standard,
    boundary: 'sender',
    row: 4,
    listensTo: ['event-created', 'notice-due'],
    publishes: [],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 4,
    memoryMb: 512,
  },
  /** Reports of attendees: each takes as long as its event is large, and must keep no other notice waiting. */
  report: { ...long, boundary: 'sender', row: 4, listensTo: ['report-due'], publishes: [] },
  /** Single sends are chunks of one on a queue of their own, so that no list delays them. */
  'send-one': {
    ...standard,
    boundary: 'sender',
    row: 5,
    listensTo: ['invitation-requested'],
    publishes: ['webhook-due'],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 10,
    memoryMb: 512,
  },
  'send-chunk': {
    ...standard,
    boundary: 'sender',
    row: 5,
    listensTo: ['chunk-planned'],
    // Of a list whose last mail it has sent, or that stands still.
    publishes: ['notice-due', 'webhook-due'],
    batchSize: 1,
    timeoutSeconds: 120,
    visibilitySeconds: 720,
    concurrency: 4,
    memoryMb: 512,
  },
  reply: {
    ...standard,
    boundary: 'reader',
    row: 6,
    listensTo: ['mail-reply'],
    publishes: ['invitation-requested', 'notice-due', 'webhook-due'],
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    concurrency: 20,
    memoryMb: READER_MEMORY_MB,
    lazyModules: ['mailparser'],
  },
  cancel: {
    ...long,
    boundary: 'sender',
    row: 7,
    listensTo: ['event-cancelled'],
    publishes: ['chunk-planned', 'event-cancelled', 'notice-due'],
  },
  update: {
    ...long,
    boundary: 'sender',
    row: 8,
    listensTo: ['event-updated'],
    publishes: ['chunk-planned', 'event-updated', 'notice-due'],
  },
  /** Checks lists of people and plans their chunks; it reads what strangers wrote, and sends nothing. */
  list: {
    ...long,
    boundary: 'reader',
    row: 5,
    listensTo: ['list-due'],
    publishes: ['list-due', 'chunk-planned', 'notice-due', 'webhook-due'],
  },
  /**
   * Calls servers that the tenant has named. It reads what they answer, and so is `front`, which talks to strangers anyway: that role can
   * neither send mail nor read any. In no VPC: what it reaches is the public internet alone.
   */
  webhook: {
    ...standard,
    boundary: 'front',
    row: 8,
    listensTo: ['webhook-due'],
    publishes: [],
    // Each may take its ten seconds.
    batchSize: 5,
    timeoutSeconds: 90,
    visibilitySeconds: 540,
    concurrency: 5,
    memoryMb: 256,
  },
  /** What SES tells of sent mail; the send ledger asks it about attempts that nobody else can tell about. */
  feedback: {
    ...standard,
    boundary: 'caretaker',
    // Five hours: a feed that gave up sooner than the ledger stops waiting would let mails be sent twice.
    maxReceives: 100,
    row: 5,
    listensTo: ['send-events'],
    publishes: ['webhook-due'],
    timeoutSeconds: 30,
    visibilitySeconds: 180,
    concurrency: 5,
    memoryMb: 256,
  },
} as const satisfies Record<string, Pipeline>

/** How long a claim of the send ledger holds on AWS: a little less than the function that holds it can live, so that none outlives it. */
export const SEND_LEASE_SECONDS = pipelines['send-chunk'].timeoutSeconds - 10

/** How long an attempt that nobody can tell about is left alone on AWS: the event feed may be late, and silence proves nothing. */
export const UNKNOWN_SEND_SECONDS = 3600

export type PipelineName = keyof typeof pipelines

/** A function that no queue feeds. */
export type PlainFunction = Pick<Pipeline, 'publishes' | 'timeoutSeconds' | 'memoryMb' | 'boundary' | 'lazyModules'>

/** Topics that work is published on again when nobody finished it: every one of ours. What SES publishes is SES's own. */
const ownTopics = topicNames().filter((name) => name !== 'send-events')

export const plainFunctions = {
  /** API and pages; API Gateway waits 29 seconds for an answer, no longer. */
  front: {
    boundary: 'front',
    publishes: ['invitation-requested', 'mail-create', 'list-due', 'proposal-accepted', ...promised, ...eventChanges],
    timeoutSeconds: 29,
    memoryMb: 512,
    lazyModules: [],
  },
  /** Runs every sweep below, each by its own schedule. */
  sweeps: { boundary: 'caretaker', publishes: ownTopics, timeoutSeconds: 300, memoryMb: 512, lazyModules: [] },
} as const satisfies Record<string, PlainFunction>

export type PlainFunctionName = keyof typeof plainFunctions

/** Timed work: what a lost notice left behind is found again. */
export const sweeps = {
  /** Objects older than 10 minutes without a ledger row are enqueued again. */
  inbound: { everySeconds: 900, olderThanSeconds: 600 },
  /** Rows whose work was promised but not finished: notices to publish, chunks to send. */
  unfinished: { everySeconds: 60, olderThanSeconds: 60 },
  /** Depth of every queue and its dead letters, and the age of the oldest overdue work: what the alarms watch. */
  queues: { everySeconds: 300, olderThanSeconds: 0 },
  /** The control plane is told how the stack is and what it has done. */
  tell: { everySeconds: 3600, olderThanSeconds: 0 },
} as const

export type SweepName = keyof typeof sweeps

/** Every topic, in the order of the contracts. */
export function topicNames(): readonly TopicName[] {
  return namesOf<TopicName>(noticeOf)
}

/** Every pipeline, in the manifest's order. */
export function pipelineNames(): readonly PipelineName[] {
  return namesOf<PipelineName>(pipelines)
}

/** Every function that no queue feeds. */
export function plainFunctionNames(): readonly PlainFunctionName[] {
  return namesOf<PlainFunctionName>(plainFunctions)
}

/** Every sweep. */
export function sweepNames(): readonly SweepName[] {
  return namesOf<SweepName>(sweeps)
}

/** The keys of a table whose rows are all its own. */
function namesOf<K extends string>(rows: Readonly<Record<K, unknown>>): readonly K[] {
  const isName = (name: string): name is K => Object.hasOwn(rows, name)
  return Object.keys(rows).filter(isName)
}

/** Queue of a pipeline; its dead-letter queue is `<queueName>-dlq`. */
export function queueNameOf(pipelineName: PipelineName): string {
  return pipelineName
}
