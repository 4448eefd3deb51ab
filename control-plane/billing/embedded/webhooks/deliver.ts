import type { TableItem } from '#shared/platform/table.ts'
import type { DoubleCtx, WebhookEndpoint } from '../state/double-context.ts'
import { objectRow, readObject } from '../state/rows.ts'
import { DELIVERIES, type Delivery, deliveryRow, readDeliveryRow, sortableMs } from './delivery-row.ts'
import { signWebhook } from './sign-webhook.ts'

/** Stripe tries for three days, ever more rarely (stripe.com/docs/webhooks#retries). */
const FIRST_DELAY_MS = 10_000
const DELAY_FACTOR = 4
const DELAY_MS_MAX = 12 * 3_600_000
const ATTEMPTS_MAX = 12
const ROWS_A_PAGE = 100

/**
 * Makes the attempts whose time has come; answers how many were made. An endpoint that fails is tried again later and does not hold up
 * what comes behind it, so events arrive in any order.
 */
export async function deliverDue(ctx: DoubleCtx): Promise<number> {
  const endpoint = ctx.webhook()
  if (endpoint === undefined) return 0
  const { items } = await ctx.table.query({
    pk: DELIVERIES,
    sk: { between: ['0', `${sortableMs(ctx.clock.now())}~`] },
    limit: ROWS_A_PAGE,
  })
  for (const row of (ctx.faults.shuffle ?? unchanged)(items)) await attempt(ctx, endpoint, row)
  return items.length
}

function unchanged<T>(values: readonly T[]): readonly T[] {
  return values
}

async function attempt(ctx: DoubleCtx, endpoint: WebhookEndpoint, row: TableItem): Promise<void> {
  const delivery = readDeliveryRow(row)
  const eventRow = await ctx.table.get({ pk: 'event', sk: delivery.eventId })
  if (eventRow === undefined) throw new Error(`the event ${delivery.eventId} of a delivery is gone`)
  const stripeEvent = readObject('event', eventRow)
  const body = JSON.stringify(stripeEvent, null, 2)
  const times = ctx.faults.isDuplicated?.(delivery.eventId) === true ? 2 : 1
  let isTaken = true
  for (let time = 0; time < times; time += 1) isTaken = await isAccepted(ctx, endpoint, body)
  const gone = { kind: 'delete' as const, key: { pk: row.pk, sk: row.sk } }
  const settled = { kind: 'put' as const, item: objectRow('event', { ...stripeEvent, pending_webhooks: 0 }) }
  if (isTaken) {
    await ctx.table.transact([gone, settled])
    return
  }
  const next = nextAttempt(delivery, ctx.clock.now())
  if (next === undefined) ctx.log.error({ at: 'stripe_double.webhook_given_up', eventId: delivery.eventId })
  await ctx.table.transact(next === undefined ? [gone, settled] : [gone, { kind: 'put', item: deliveryRow(next) }])
}

async function isAccepted(ctx: DoubleCtx, { url, secret }: WebhookEndpoint, body: string): Promise<boolean> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signWebhook(secret, body, Math.floor(ctx.clock.now() / 1000)),
    'user-agent': 'Stripe/1.0 (local double)',
  }
  try {
    const status = await ctx.post(url, headers, body)
    return status >= 200 && status < 300
  } catch (error) {
    // Nobody listens, or the connection broke: both are tried again.
    ctx.log.warn({ at: 'stripe_double.webhook_failed', name: error instanceof Error ? error.name : 'unknown' })
    return false
  }
}

function nextAttempt({ eventId, attempt: made }: Delivery, nowMs: number): Delivery | undefined {
  if (made >= ATTEMPTS_MAX) return undefined
  const delayMs = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * DELAY_FACTOR ** (made - 1))
  return { eventId, atMs: nowMs + delayMs, attempt: made + 1 }
}
