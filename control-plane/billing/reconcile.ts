import type Stripe from 'stripe'
import * as z from 'zod'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { asStripe, type BillingCtx } from './billing-context.ts'
import { insertEvent } from './event-ledger.ts'
import { handleStripeEvent } from './handle-stripe-event.ts'
import { STRIPE_EVENTS } from './stripe-event.ts'
import { syncCustomer } from './sync-customer.ts'

export type Reconciled = {
  /** Events of Stripe since the last run. */
  readonly events: number
  /** Of them, those that no webhook brought, or that nobody could handle. */
  readonly missed: number
  readonly customers: number
  /** Licences that were not as Stripe has them. */
  readonly differences: number
  /** Customers that could not be brought up to date now; they are found again in the next run. */
  readonly failed: number
}

const CURSOR = { pk: 'reconcile', sk: 'stripe' }
const Cursor = z.object({ eventsUntil: z.number() })
/** Events may become visible out of order: each run looks this far behind the last. */
const OVERLAP_MS = 2 * 3_600_000
/** Stripe lists events of the last 30 days (Stripe, "List all events"). */
const REACH_MS = 30 * 86_400_000

/**
 * Each night: events that never arrived are handled as if they had, and every subscription is compared with its licence; whoever differs is
 * brought up to date on the usual path. What one event failed to tell is right after one run. Safe to run twice.
 */
export async function reconcile(whole: BillingCtx): Promise<Reconciled> {
  const ctx = asStripe(whole)
  const startedAt = ctx.clock.now()
  const found = await ctx.table.get(CURSOR)
  const since = Math.max(startedAt - REACH_MS, found === undefined ? 0 : Cursor.parse(found).eventsUntil - OVERLAP_MS)
  const { events, missed } = await takeMissedEvents(ctx, since)
  const customers = await customersThatDiffer(ctx)
  for (const { row } of missed) if (row.stripeCustomerId !== undefined) customers.add(row.stripeCustomerId)
  let differences = 0
  let failed = 0
  for (const stripeCustomerId of customers) {
    const changed = await unlessFailing(ctx, async () => (await syncCustomer(ctx, { stripeCustomerId })).changed)
    if (changed === undefined) failed += 1
    else differences += changed
  }
  for (const { row } of missed)
    await unlessFailing(ctx, () => handleStripeEvent(ctx, { stripeEventId: row.stripeEventId }))
  await ctx.table.write({ kind: 'put', item: { ...CURSOR, eventsUntil: startedAt } })
  const told = { events, missed: missed.length, customers: customers.size, differences, failed }
  ctx.log.metric({ at: 'billing.reconciled', ...told })
  return told
}

/** One customer's trouble must not keep the others from being compared. */
async function unlessFailing<T>(ctx: BillingCtx, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    ctx.log.error({ at: 'billing.reconcile_failed', name: error instanceof Error ? error.name : 'unknown' })
    return undefined
  }
}

async function takeMissedEvents(ctx: BillingCtx, since: number) {
  const ours: Stripe.Event[] = []
  for await (const stripeEvent of ctx.stripe.events.list({ created: { gte: Math.trunc(since / 1000) }, limit: 100 }))
    if (STRIPE_EVENTS[stripeEvent.type] === 'sync') ours.push(stripeEvent)
  const missed = []
  for (const stripeEvent of ours) {
    const { row, isKnown } = await insertEvent(ctx, stripeEvent, 'reconcile')
    if (isKnown && row.handledAt !== undefined) continue
    ctx.log.warn({ at: 'billing.missed_event', stripeEventId: row.stripeEventId, type: row.type, isKnown })
    missed.push({ row })
  }
  return { events: ours.length, missed }
}

/** Stripe lists no subscriptions by their last change, so all are compared: one page for each hundred. */
async function customersThatDiffer(ctx: BillingCtx): Promise<Set<string>> {
  const customers = new Set<string>()
  for await (const subscription of ctx.stripe.subscriptions.list({ status: 'all', limit: 100 })) {
    if (subscription.metadata.licenceId === undefined || !(await isDifferent(ctx, subscription))) continue
    const { customer } = subscription
    customers.add(typeof customer === 'string' ? customer : customer.id)
  }
  return customers
}

async function isDifferent(ctx: BillingCtx, subscription: Stripe.Subscription): Promise<boolean> {
  const { licenceId = '' } = subscription.metadata
  try {
    const { stripe } = await getLicence(ctx, licenceId)
    const isOther = stripe?.subscriptionId !== subscription.id
    if (isOther) return subscription.status !== 'canceled' && subscription.status !== 'incomplete_expired'
    const { latest_invoice } = subscription
    const latestId = typeof latest_invoice === 'string' ? latest_invoice : latest_invoice?.id
    const ends = subscription.cancel_at_period_end || subscription.cancel_at !== null
    return (
      stripe.status !== subscription.status ||
      stripe.cancelAtPeriodEnd !== ends ||
      stripe.latestInvoice?.invoiceId !== latestId
    )
  } catch (error) {
    if (!isFailure(error, 'licence.not_found')) throw error
    ctx.log.error({ at: 'billing.subscription_of_nobody', subscriptionId: subscription.id })
    return false
  }
}
