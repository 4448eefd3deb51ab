import { createHash } from 'node:crypto'
import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { controlQueueNames, controlQueues } from '#control-plane/manifest.ts'
import { createOutbox } from '#shared/platform/embedded/outbox.ts'
import { createQueues } from '#shared/platform/embedded/queues.ts'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import type { Log } from '#shared/platform/small-ports.ts'

export const WEBHOOK_SECRET = 'whsec_of_the_bench'
/** Any day will do that is not the last of its month. */
const STARTS_AT = Date.UTC(2026, 2, 2, 9)

export type BenchPlane = {
  readonly tableOf: (tenantId: string) => BillingCtx['table']
  readonly ctxOf: (parts: Pick<BillingCtx, 'table' | 'stripe'>) => BillingCtx
  readonly clock: { readonly now: () => number; readonly set: (epochMs: number) => void }
  readonly close: () => Promise<void>
}

const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  metric: () => undefined,
}

/** The ports of billing on a database in memory, with a clock of the bench's own; queued bodies are counted for and dropped. */
export function openBenchPlane(): BenchPlane & Pick<BillingCtx, 'ids' | 'log'> {
  let now = STARTS_AT
  const clock = {
    now: () => now,
    set(epochMs: number) {
      now = epochMs
    },
  }
  const store = openSqliteStore({ file: ':memory:' })
  const ids = createRandomIds(clock)
  const mailer = createOutbox({ store, clock })
  createQueues({
    store,
    clock,
    definitions: controlQueueNames().map((queueName) => ({ queueName, topicNames: [], ...controlQueues[queueName] })),
  })
  return {
    clock,
    ids,
    log: silent,
    tableOf: (tenantId) => createTable({ store, clock, tenantId }),
    ctxOf: ({ table, stripe }) => ({
      table,
      stripe,
      // Orders are delivered by the bench itself.
      queues: { send: () => Promise.resolve() },
      mailer,
      clock,
      ids,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      random: () => 0.5,
      log: silent,
      workerId: 'bench',
      actor: { type: 'vendor', id: 'usr_bench', role: 'vendor_admin' },
      scope: { kind: 'all' },
      settings: { publicUrl: 'http://127.0.0.1:8025', mailFrom: 'convoke@example.com', vendorName: 'Convoke' },
      stripeSettings: { webhookSecrets: [WEBHOOK_SECRET], priceLookupKey: 'licence_yearly', isLivemode: false },
      licenceSettings: {
        graceDays: 21,
        refundDays: 14,
        vendorEmail: 'vendor@example.com',
        priceCents: 99_500,
        currency: 'usd',
      },
    }),
    close: () => store.close(),
  }
}
