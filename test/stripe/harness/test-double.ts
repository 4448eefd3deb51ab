import Stripe from 'stripe'
import {
  createStripeDouble,
  type StripeDouble,
  type StripeDoubleOptions,
} from '#control-plane/billing/embedded/stripe-double.ts'
import type { CollectingLog } from '#test/harness/platform/collecting-log.ts'
import type { ManualClock } from '#test/harness/platform/manual-clock.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'

export const WEBHOOK_SECRET = 'whsec_of_the_tests'

/** What Stripe told the endpoint: the raw body and its signature. */
export type Received = { readonly body: string; readonly signature: string }

export type TestDouble = {
  readonly double: StripeDouble
  readonly stripe: Stripe
  readonly clock: ManualClock
  readonly log: CollectingLog
  readonly platform: MemoryPlatform
  /** Every webhook that arrived, also those that were answered badly. */
  readonly received: readonly Received[]
  /** What the endpoint answers from now on. */
  readonly answer: (status: number | 'nobody') => void
  /** The same state in a new double, as after a restart. */
  readonly restarted: () => Pick<TestDouble, 'double' | 'stripe'>
  /** Types of all events so far, oldest first. */
  readonly types: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

type Settings = Omit<StripeDoubleOptions, 'table' | 'clock' | 'ids' | 'log' | 'webhook' | 'post'>

/** A double on a database in memory, with the unchanged `stripe` package before it and an endpoint behind it. */
export async function createTestDouble(settings: Settings = {}): Promise<TestDouble> {
  const platform = await createMemoryPlatform()
  const { clock, ids, log } = platform
  const received: Received[] = []
  let status: number | 'nobody' = 200
  const options: StripeDoubleOptions = {
    ...settings,
    table: platform.tableOf('stripe'),
    clock,
    ids,
    log,
    webhook: { url: 'http://127.0.0.1/stripe', secret: WEBHOOK_SECRET },
    async post(_url, headers, body) {
      received.push({ body, signature: headers['stripe-signature'] ?? '' })
      if (status === 'nobody') throw new Error('nobody listens')
      return status
    },
  }
  const double = createStripeDouble(options)
  const stripe = stripeOn(double)
  return {
    double,
    stripe,
    clock,
    log,
    platform,
    received,
    answer(next) {
      status = next
    },
    restarted() {
      const second = createStripeDouble(options)
      return { double: second, stripe: stripeOn(second) }
    },
    async types() {
      const all = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
      return all.map(({ type }) => type).toReversed()
    },
    close: platform.close,
  }
}

/** The `stripe` package speaking to a double in this process; it does not try again by itself. */
export function stripeOn(double: Pick<StripeDouble, 'fetch'>, config: Partial<Stripe.StripeConfig> = {}): Stripe {
  const toDouble: typeof fetch = (input, init) => double.fetch(new Request(input, init))
  return new Stripe('sk_test_double', {
    httpClient: Stripe.createFetchHttpClient(toDouble),
    host: '127.0.0.1',
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...config,
  })
}
