import { Hono } from 'hono'
import { isLoopbackHost } from '#shared/contracts/environment.ts'
import type { Clock, Ids, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import { closeDispute, openDispute } from './money/disputes.ts'
import { renewCard } from './money/renew-card.ts'
import { type Engine, runDue } from './money/run-due.ts'
import { createPages } from './pages/pages.ts'
import {
  DASHBOARD_DEFAULTS,
  type DashboardSettings,
  type DoubleCtx,
  type WebhookEndpoint,
} from './state/double-context.ts'
import type { DoubleFaults } from './state/faults.ts'
import { createOneAtATime } from './state/one-at-a-time.ts'
import { BY_ITSELF, createRunUnit } from './state/run-unit.ts'
import type { Unit } from './state/unit.ts'
import { deliverDue } from './webhooks/deliver.ts'
import { createApi, LOST_CONNECTION } from './wire/api.ts'
import { refuse } from './wire/refusal.ts'

export type StripeDoubleOptions = {
  /** All state is here: a double that is made again on the same table goes on where the last one stopped. */
  readonly table: Table
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly settings?: Partial<DashboardSettings>
  readonly webhook?: WebhookEndpoint
  readonly faults?: DoubleFaults
  /** How webhooks are posted; the network unless given. */
  readonly post?: DoubleCtx['post']
}

/** What happens to a buyer and his bank outside Stripe's API. */
export type ControlDoor = {
  readonly openDispute: (chargeId: string, reason?: string) => Promise<string>
  readonly closeDispute: (disputeId: string, outcome: 'won' | 'lost') => Promise<void>
  /** The bank has sent the holder a new card, and Stripe has heard of it. */
  readonly renewCard: (
    paymentMethodId: string,
    card: { readonly expMonth: number; readonly expYear: number },
  ) => Promise<void>
}

export type StripeDouble = {
  /** The API, the hosted pages and the control page, for a host to serve; rejects with `stripe_double.lost` where a fault ends the connection. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Does what is due and sends webhooks whose time has come, until nothing is left for now. */
  readonly tick: () => Promise<void>
  /** Where events go from now on; the address must be of this machine. */
  readonly setWebhook: (endpoint: WebhookEndpoint) => void
  /** Base of the links to its pages; its host sets it when it knows its port. */
  readonly setBaseUrl: (baseUrl: string) => void
  readonly control: ControlDoor
}

/** One webhook attempt may take this long (Stripe's own limit is near it). */
const POST_MS_MAX = 20_000

/** Our double of Stripe's wire, without a socket of its own. */
export function createStripeDouble(options: StripeDoubleOptions): StripeDouble {
  let webhook = options.webhook === undefined ? undefined : onLoopback(options.webhook)
  let baseUrl = 'http://127.0.0.1'
  const ctx: DoubleCtx = {
    table: options.table,
    clock: options.clock,
    ids: options.ids,
    log: options.log,
    settings: { ...DASHBOARD_DEFAULTS, ...options.settings },
    faults: options.faults ?? {},
    post: options.post ?? postByNetwork,
    webhook: () => webhook,
    baseUrl: () => baseUrl,
    oneAtATime: createOneAtATime(),
  }
  const engine: Engine = { ctx, runUnit: createRunUnit(ctx) }
  const app = new Hono()
  const [api, pages] = [createApi(engine), createPages(engine)]
  app.all('/v1/*', (c) => api.fetch(c.req.raw))
  app.all('/v2/*', (c) => api.fetch(c.req.raw))
  app.all('*', (c) => pages.fetch(c.req.raw))
  // Two ticks at once would send what waits twice.
  const oneTick = createOneAtATime()
  return {
    fetch: async (request) => {
      // DNS rebinding: a stranger's page may make the browser come here under the stranger's name, never under this one.
      if (!isLoopbackHost(new URL(request.url).hostname.replace(/^\[(.*)\]$/, '$1')))
        return new Response('The payments double is for this machine alone', { status: 403 })
      const answer = await app.fetch(request)
      if (answer.headers.has(LOST_CONNECTION)) throw refuse.lost()
      return answer
    },
    tick: () =>
      oneTick(async () => {
        while ((await runDue(engine)) + (await deliverDue(ctx)) > 0);
      }),
    setWebhook(endpoint) {
      webhook = onLoopback(endpoint)
    },
    setBaseUrl(url) {
      baseUrl = url
    },
    control: controlDoor(engine),
  }
}

function controlDoor({ ctx, runUnit }: Engine): ControlDoor {
  const act = <T>(work: (unit: Unit) => Promise<T>) => ctx.oneAtATime(() => runUnit(BY_ITSELF, work))
  return {
    openDispute: (chargeId, reason = 'fraudulent') =>
      act(async (unit) => {
        const charge = await unit.need('charge', chargeId)
        return openDispute(unit, charge, { reason, amount: charge.amount }).id
      }),
    closeDispute: (disputeId, outcome) => act(async (unit) => void (await closeDispute(unit, disputeId, outcome))),
    renewCard: (paymentMethodId, card) => act((unit) => renewCard(unit, paymentMethodId, card)),
  }
}

function onLoopback(endpoint: WebhookEndpoint): WebhookEndpoint {
  if (!isLoopbackHost(new URL(endpoint.url).hostname.replace(/^\[(.*)\]$/, '$1')))
    throw new Error('the payments double sends webhooks to this machine alone')
  if (endpoint.secret.trim() === '') throw new Error('the webhook endpoint needs a secret')
  return endpoint
}

async function postByNetwork(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const signal = AbortSignal.timeout(POST_MS_MAX)
  const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
  await answer.arrayBuffer()
  return answer.status
}
