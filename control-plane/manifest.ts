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
  /** A live domain is to be looked at. */
  'domain-due': z.object({ tenantId: z.string() }),
  /** A mail of the control plane's own is to be sent; its row says what. */
  'mail-due': z.object({ controlMailId: z.string() }),
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
  provision: { ...ordinary, batchSize: 1, concurrency: 10 },
  'billing-sync': ordinary,
  'stripe-event': ordinary,
  'licence-due': ordinary,
  'licence-changed': ordinary,
  'domain-due': ordinary,
  'mail-due': ordinary,
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
  /** Compares our rows with Stripe's. */
  reconcile: { everySeconds: 86_400 },
  /** Licence files are written anew, so that a tenant stack knows we are alive. */
  'licence-files': { everySeconds: 86_400 },
} as const

export type ControlSweepName = keyof typeof controlSweeps
