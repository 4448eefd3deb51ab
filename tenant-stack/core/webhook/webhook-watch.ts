import type { Clock } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import { type Webhook, Webhooks, webhooksKey } from './webhook.ts'

/** So long a reading is good: a new endpoint hears of what happens from then on, and an invite costs no read of its own. */
const CACHE_MS = 10_000

/** Who wants to be told, as the functions that have something to tell see it. */
export interface WebhookWatch {
  /** Those that are enabled. */
  listening(): Promise<readonly Webhook[]>
  /** They have changed: the next asking reads them. */
  forget(): void
}

export function createWebhookWatch({ table, clock }: { readonly table: Table; readonly clock: Clock }): WebhookWatch {
  let read: { readonly at: number; readonly listening: readonly Webhook[] } | undefined
  return {
    async listening() {
      const now = clock.now()
      // A clock that was set back must not make an old reading last.
      if (read !== undefined && Math.abs(now - read.at) < CACHE_MS) return read.listening
      const row = await table.get(webhooksKey)
      const listening = row === undefined ? [] : Webhooks.parse(row).webhooks.filter(({ isEnabled }) => isEnabled)
      read = { at: now, listening }
      return listening
    },
    forget() {
      read = undefined
    },
  }
}
