import type { Clock, Ids, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import type { DoubleFaults } from './faults.ts'

/** The version whose shapes the double speaks: what the `stripe` package of this product sends. */
export const API_VERSION = '2026-10-28.endive'

/** What a seller sets in Stripe's Dashboard. */
export type DashboardSettings = {
  /** As buyers know the seller. */
  readonly sellerName: string
  /** Days after the first failed attempt at which a renewal is tried again (Stripe, "Smart Retries": 8 tries in 2 weeks). */
  readonly retryAfterDays: readonly number[]
  /** What becomes of a subscription when all retries have failed. */
  readonly afterRetries: 'unpaid' | 'past_due' | 'canceled'
  /** Days before a renewal at which `invoice.upcoming` is told. */
  readonly upcomingDays: number
  /** VAT by country, taken only where a tax registration is active. */
  readonly taxPercents: Readonly<Record<string, number>>
}

export const DASHBOARD_DEFAULTS: DashboardSettings = {
  sellerName: 'Convoke',
  retryAfterDays: [1, 3, 5, 7, 9, 11, 14],
  afterRetries: 'unpaid',
  upcomingDays: 30,
  taxPercents: { AT: 20, BE: 21, CH: 8.1, DE: 19, ES: 21, FR: 20, GB: 20, IE: 23, IT: 22, NL: 21, PL: 23, SE: 25 },
}

/** Where events go, and the secret that signs them (`whsec_…`). */
export type WebhookEndpoint = { readonly url: string; readonly secret: string }

/** Everything the double touches. */
export type DoubleCtx = {
  readonly table: Table
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly settings: DashboardSettings
  readonly faults: DoubleFaults
  /** Posts a webhook and gives the status; throws when nobody answers. */
  readonly post: (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number>
  readonly webhook: () => WebhookEndpoint | undefined
  /** Base of the double's own pages, without trailing slash. */
  readonly baseUrl: () => string
  /** Runs one unit of work after the other: Stripe locks objects, the double locks itself. */
  readonly oneAtATime: <T>(work: () => Promise<T>) => Promise<T>
}
