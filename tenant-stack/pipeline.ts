import type { TopicName } from '#shared/contracts/notices.ts'

/**
 * Who a function is, by what it touches; one IAM role each. `reader` holds hostile bytes and may not send, `sender` may send and
 * never sees received mail, `front` answers strangers by HTTP, `caretaker` looks after the stack itself.
 */
export type TrustBoundary = 'reader' | 'sender' | 'front' | 'caretaker'

/** Heavy libraries that a function loads lazily; all others must not import them. */
export type LazyModule = 'mailparser' | 'mailauth'

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
  readonly boundary: TrustBoundary
  readonly lazyModules: readonly LazyModule[]
}
