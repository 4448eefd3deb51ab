import * as z from 'zod'

/** Bodies of the control plane's queues. Each names a row; what is true is read there, so a notice may come twice, late or out of order. */
export const noticeOf = {
  /** A tenant's run has a step to look at. */
  provision: z.object({ tenantId: z.string() }),
  /** What Stripe says about this customer has changed: fetch it. */
  'billing-sync': z.object({ stripeCustomerId: z.string() }),
  /** A Stripe event of the ledger is to be handled. */
  'stripe-event': z.object({ stripeEventId: z.string() }),
  /** A licence has changed or a date of it has come: reminders, grace, suspension. */
  'licence-due': z.object({ licenceId: z.string() }),
  /** A licence's state has changed: the tenant follows it, and its licence file is written anew. */
  'licence-changed': z.object({ licenceId: z.string() }),
  /** A licensee wants what is known of his tenant, signed. */
  'export-asked': z.object({ tenantId: z.string(), exportId: z.string() }),
  /** The warm pool of accounts of a region is to be looked after. */
  'account-pool': z.object({ region: z.string() }),
  /** A live domain is to be looked at. */
  'domain-due': z.object({ tenantId: z.string() }),
  /** A contest of a name is to be looked at. */
  'contest-due': z.object({ domainName: z.string() }),
  /** A mail of the control plane's own is to be sent; its row says what. */
  'mail-due': z.object({ controlMailId: z.string() }),
  /** What SES tells of the control plane's own mails: `shared/contracts/ses-send-event.ts`, or a word at setting up. */
  'mail-events': z.unknown(),
  /** What a tenant stack tells (usage, health): `shared/contracts/tenant-notices.ts`. */
  'tenant-notice': z.unknown(),
} as const

export type QueueName = keyof typeof noticeOf
export type NoticeBody<Q extends QueueName> = z.infer<(typeof noticeOf)[Q]>

/** A queue of the control plane, its function and how both behave; the template and the embedded runtime read it. */
export type ControlQueue = {
  readonly timeoutSeconds: number
  /** At least six times the function's time-out (AWS, "Using Lambda with Amazon SQS"). */
  readonly visibilitySeconds: number
  readonly maxReceives: number
  readonly batchSize: number
  /** Of the event source: at least 2 (AWS). */
  readonly concurrency: number
}

const ordinary: ControlQueue = {
  timeoutSeconds: 60,
  visibilitySeconds: 360,
  maxReceives: 5,
  batchSize: 10,
  concurrency: 4,
}

/** One step a message: a step may wait for slow calls of AWS. */
export const controlQueues: { readonly [Q in QueueName]: ControlQueue } = {
  // By quotas alone 10,000 tenants are made in 6 hours; fewer workers would take longer than the clouds do (figures, fleet).
  provision: { ...ordinary, batchSize: 1, concurrency: 80 },
  // One at a time: an organization makes one account after the other.
  'account-pool': { ...ordinary, batchSize: 1, concurrency: 2 },
  'billing-sync': ordinary,
  'stripe-event': ordinary,
  'licence-due': ordinary,
  'licence-changed': ordinary,
  'export-asked': ordinary,
  'domain-due': ordinary,
  'contest-due': ordinary,
  'mail-due': ordinary,
  'mail-events': ordinary,
  'tenant-notice': ordinary,
}

export function controlQueueNames(): readonly QueueName[] {
  return Object.keys(controlQueues).filter(isQueueName)
}

export function isQueueName(value: unknown): value is QueueName {
  return typeof value === 'string' && value in controlQueues
}

/** Work that runs by the clock. */
export const controlSweeps = {
  /** Tells queues of rows that are due, and publishes what the outbox still holds. */
  tick: { everySeconds: 60 },
  /** Has the warm pool of accounts looked after, in each region that has a cell. */
  'account-pools': { everySeconds: 60 },
  /** Compares our rows with Stripe's. */
  reconcile: { everySeconds: 86_400 },
  /** Licence files are written anew, so that a tenant stack knows we are alive. */
  'licence-files': { everySeconds: 86_400 },
} as const

export type ControlSweepName = keyof typeof controlSweeps

/**
 * Who a function is, by what it touches; one IAM role each. `front` answers strangers by HTTP, `billing` hears Stripe, `engine` alone takes
 * on roles in other accounts, `mail` writes to people and hears their stacks, `sweeps` looks after what the others left.
 */
export type ControlBoundary = 'front' | 'billing' | 'engine' | 'mail' | 'sweeps'

/** What is kept in Secrets Manager; Stripe's keys are restricted ones, another for each function. */
export type ControlSecret =
  | 'session'
  | 'stripe-front'
  | 'stripe-billing'
  | 'stripe-sweeps'
  | 'stripe-webhook'
  | 'licence-key'
  | 'handover-key'

/** A function of the control plane on AWS; the embedded runtime does the same work in one process. */
export type ControlFunction = {
  readonly boundary: ControlBoundary
  /** Queues that feed it; it lives as long as they say. */
  readonly takes: readonly QueueName[]
  /** Queues that its changes promise to. */
  readonly sends: readonly QueueName[]
  readonly secrets: readonly ControlSecret[]
  readonly timeoutSeconds: number
  readonly memoryMb: number
}

/** Topic that SES tells of sent mails on; the queue of the same name hears it. */
export const MAIL_EVENTS = 'mail-events'

/** What changes of the control plane promise: all but what others tell it. */
const ownQueues = controlQueueNames().filter((name) => name !== 'tenant-notice' && name !== MAIL_EVENTS)

export const controlFunctions = {
  /** API, sign-in and Stripe's webhook; API Gateway waits 29 seconds for an answer, no longer. Whoever takes it over can sign no licence. */
  'control-front': {
    boundary: 'front',
    takes: [],
    sends: ownQueues,
    secrets: ['session', 'stripe-front', 'stripe-webhook', 'handover-key'],
    timeoutSeconds: 29,
    memoryMb: 1024,
  },
  'control-billing': {
    boundary: 'billing',
    takes: ['stripe-event', 'billing-sync', 'licence-due'],
    sends: ['billing-sync', 'licence-due', 'licence-changed', 'mail-due'],
    secrets: ['stripe-billing'],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  'control-engine': {
    boundary: 'engine',
    takes: ['provision', 'licence-changed', 'export-asked', 'domain-due', 'contest-due', 'account-pool'],
    sends: ['provision', 'licence-changed', 'licence-due', 'domain-due', 'contest-due', 'mail-due'],
    secrets: ['licence-key'],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  'control-mail': {
    boundary: 'mail',
    takes: ['mail-due', 'mail-events', 'tenant-notice'],
    sends: ['mail-due'],
    secrets: [],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  /** Runs every sweep, each by its own schedule; a year's subscriptions are many pages, so as long as Lambda lets it. */
  'control-sweeps': {
    boundary: 'sweeps',
    takes: [],
    sends: ownQueues,
    secrets: ['stripe-sweeps'],
    timeoutSeconds: 900,
    memoryMb: 512,
  },
} as const satisfies Readonly<Record<string, ControlFunction>>

export type ControlFunctionName = keyof typeof controlFunctions

export function controlFunctionNames(): readonly ControlFunctionName[] {
  const isName = (name: string): name is ControlFunctionName => name in controlFunctions
  return Object.keys(controlFunctions).filter(isName)
}

export function controlSweepNames(): readonly ControlSweepName[] {
  const isName = (name: string): name is ControlSweepName => name in controlSweeps
  return Object.keys(controlSweeps).filter(isName)
}
