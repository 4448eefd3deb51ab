import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { createControlApi } from '#control-plane/api/app.ts'
import type { ControlCtx, ControlDeps } from '#control-plane/api/env.ts'
import { type Guards, guards } from '#control-plane/api/guards.ts'
import type { ApiLimits } from '#control-plane/api/rates/api-limits.ts'
import { createStripeDouble } from '#control-plane/billing/embedded/stripe-double.ts'
import { openStripe } from '#control-plane/billing/open-stripe.ts'
import { controlQueueNames, controlQueues } from '#control-plane/manifest.ts'
import { createOutbox, type Outbox } from '#shared/platform/embedded/outbox.ts'
import { createQueues } from '#shared/platform/embedded/queues.ts'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'

export const BENCH_ORIGIN = 'http://localhost:8026'

/** The bench asks more in a minute than everybody together may. */
const unlimited = (name: keyof ApiLimits) => ({ name, max: 100_000_000, windowSeconds: 60 })
const UNLIMITED: ApiLimits = {
  key: unlimited('key'),
  person: unlimited('person'),
  licensee: unlimited('licensee'),
  address: unlimited('address'),
}

export type BenchPlane = {
  /** The vendor's admin, who sees all. */
  readonly ctx: ControlCtx
  readonly outbox: Outbox
  readonly request: (path: string, init: RequestInit) => Promise<Response>
  /** Takes guards out of all further requests; none: all stand. */
  readonly remove: (removed: Partial<Guards>) => void
  readonly close: () => Promise<void>
}

/** The API of the control plane on a database in memory, with the local double of Stripe in the same process and no DNS. */
export function openBenchPlane(): BenchPlane {
  const clock = systemClock
  const ids = createRandomIds(clock)
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, metric: () => undefined }
  const store = openSqliteStore({ file: ':memory:' })
  const { queues } = createQueues({
    store,
    clock,
    definitions: controlQueueNames().map((queueName) => ({ queueName, topicNames: [], ...controlQueues[queueName] })),
  })
  const double = createStripeDouble({
    table: createTable({ store, clock, tenantId: 'stripe' }),
    clock,
    ids,
    log: silent,
    post: () => Promise.resolve(200),
  })
  const outbox = createOutbox({ store, clock })
  const { privateKey } = generateKeyPairSync('ed25519')
  const signed = (text: string) => ({
    kid: 'bench',
    signature: sign(null, Buffer.from(text), privateKey).toString('base64url'),
  })
  const base: Omit<ControlCtx, 'actor' | 'scope'> = {
    table: createTable({ store, clock, tenantId: 'control' }),
    queues,
    mailer: outbox,
    clock,
    ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    random: Math.random,
    log: silent,
    workerId: 'bench',
    settings: { publicUrl: BENCH_ORIGIN, mailFrom: 'convoke@example.com', vendorName: 'Convoke' },
    licenceSettings: {
      graceDays: 14,
      refundDays: 14,
      vendorEmail: 'vendor@example.com',
      priceCents: 99_500,
      currency: 'usd',
    },
    handOverSigner: { sign: signed },
    stripe: openStripe({
      secretKey: 'sk_test_bench',
      baseUrl: 'http://127.0.0.1',
      fetch: (input, init) => double.fetch(new Request(input, init)),
    }),
    stripeSettings: { webhookSecrets: ['whsec_bench'], priceLookupKey: 'licence-yearly', isLivemode: false },
    dns: {
      lookups: { ask: () => Promise.resolve({ kind: 'failed', reason: 'unreachable' }) },
      resolvers: [],
      addressOf: () => Promise.resolve([]),
    },
    pause: () => Promise.resolve(),
  }
  const deps: ControlDeps = {
    ctxFor: (who) => ({ ...base, ...who }),
    signIn: { secret: 'a secret of the bench that is long enough', vendorSignsInBy: 'passkey' },
    places: { regions: ['us-east-1'], allowsReservedNames: true },
    consoleUrlOf: ({ domainName }) => `https://app.${domainName}`,
    newRequestId: () => ids.newId('req'),
    ipAddressOf: (c) => c.req.header('x-bench-address'),
  }
  let standing: Guards = guards
  const now: Guards = {
    may: (...asked) => standing.may(...asked),
    scopeOf: (...asked) => standing.scopeOf(...asked),
    mayWrite: (...asked) => standing.mayWrite(...asked),
    isOwnOrigin: (...asked) => standing.isOwnOrigin(...asked),
    hasPasskey: (...asked) => standing.hasPasskey(...asked),
  }
  const app = createControlApi(deps, now, UNLIMITED)
  return {
    ctx: { ...base, actor: { type: 'vendor', id: 'usr_bench', role: 'vendor_admin' }, scope: { kind: 'all' } },
    outbox,
    request: async (path, init) => app.request(`${BENCH_ORIGIN}${path}`, init),
    remove(removed) {
      standing = { ...guards, ...removed }
    },
    close: () => store.close(),
  }
}
