import type Stripe from 'stripe'
import { markDue } from '#control-plane/core/due.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { BillingCtx } from './billing-context.ts'
import { idsOfEvent } from './event-ids.ts'
import { LEDGER_DAYS, StripeEventRow, stripeEventKey } from './stripe-event.ts'

/** The queue may lose its message to a death between insert and send: the tick sends it again after this. */
const AGAIN_MS = 5 * 60_000

/** Inserts an event once; answers its row, and whether it was there before. */
export async function insertEvent(
  ctx: BillingCtx,
  stripeEvent: Stripe.Event,
  source: StripeEventRow['source'],
): Promise<{ readonly row: StripeEventRow; readonly isKnown: boolean }> {
  const now = ctx.clock.now()
  const stripeEventId = stripeEvent.id
  const row: StripeEventRow = {
    stripeEventId,
    type: stripeEvent.type,
    createdAt: stripeEvent.created * 1000,
    receivedAt: now,
    ...idsOfEvent(stripeEvent),
    attempts: 0,
    source,
  }
  const key = stripeEventKey(stripeEventId)
  const due = markDue(ctx, {
    rowName: stripeEventId,
    dueAt: now + AGAIN_MS,
    queueName: 'stripe-event',
    body: { stripeEventId },
  })
  const expiresAt = Math.trunc(now / 1000) + LEDGER_DAYS * 86_400
  try {
    await ctx.table.write({ kind: 'put', item: { ...key, ...row, ...due, expiresAt }, when: { row: 'absent' } })
    return { row, isKnown: false }
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    const known = await ctx.table.get(key)
    // Gone since: its 90 days were over at this moment.
    return known === undefined ? { row, isKnown: true } : { row: StripeEventRow.parse(known), isKnown: true }
  }
}
