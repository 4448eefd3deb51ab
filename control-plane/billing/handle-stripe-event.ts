import { type DueMark, markDue, notDueRemoves } from '#control-plane/core/due.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { BillingCtx } from './billing-context.ts'
import { CustomerRow, customerKey } from './customer.ts'
import { StripeEventRow, stripeEventKey } from './stripe-event.ts'
import { syncCustomer } from './sync-customer.ts'
import { tellOfEvent } from './tell-vendor.ts'

/** Clocks of two workers differ by less: a fetch that began so long after an event came has seen what it told of. */
const SKEW_MS = 2000
const AGAIN_MS = 5 * 60_000
const AGAIN_MS_MAX = 6 * 3_600_000

/**
 * Handles an event of the ledger: finds whose it is and brings that customer up to date. A failure is noted and thrown, so that the event comes
 * again. Safe to run twice, late and beside its twin.
 */
export async function handleStripeEvent(ctx: BillingCtx, input: { readonly stripeEventId: string }): Promise<void> {
  const found = await ctx.table.get(stripeEventKey(input.stripeEventId))
  if (found === undefined) return
  const row = StripeEventRow.parse(found)
  if (row.handledAt !== undefined) return
  try {
    const stripeCustomerId = await customerOf(ctx, row)
    if (stripeCustomerId !== undefined && !(await isCovered(ctx, stripeCustomerId, row)))
      await syncCustomer(ctx, { stripeCustomerId })
    await tellOfEvent(ctx, row)
  } catch (error) {
    await note(ctx, row, { error: error instanceof Error ? error.name : 'unknown', attempts: row.attempts + 1 })
    throw error
  }
  await note(ctx, row, { handledAt: ctx.clock.now(), attempts: row.attempts + 1 })
}

async function customerOf(ctx: BillingCtx, row: StripeEventRow): Promise<string | undefined> {
  if (row.stripeCustomerId !== undefined || row.chargeId === undefined) return row.stripeCustomerId
  const { customer } = await ctx.stripe.charges.retrieve(row.chargeId)
  return typeof customer === 'string' ? customer : customer?.id
}

/** One fetch answers a burst of events: those that came before it began. */
async function isCovered(ctx: BillingCtx, stripeCustomerId: string, { receivedAt }: StripeEventRow): Promise<boolean> {
  const found = await ctx.table.get(customerKey(stripeCustomerId))
  const syncedAt = found === undefined ? undefined : CustomerRow.parse(found).syncedAt
  return syncedAt !== undefined && syncedAt >= receivedAt + SKEW_MS
}

async function note(
  ctx: BillingCtx,
  { stripeEventId }: StripeEventRow,
  set: { readonly handledAt?: number; readonly attempts: number; readonly error?: string },
): Promise<void> {
  try {
    await ctx.table.write({
      kind: 'update',
      key: stripeEventKey(stripeEventId),
      ...(set.handledAt === undefined
        ? { set: { ...set, ...again(ctx, stripeEventId, set.attempts) } }
        : { set: { ...set }, remove: [...notDueRemoves, 'error'] }),
      when: { row: 'present' },
    })
  } catch (error) {
    // Its 90 days ended meanwhile.
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}

/** What keeps failing is tried ever more rarely, and never dropped: the nightly comparison meets it too. */
function again(ctx: BillingCtx, stripeEventId: string, attempts: number): DueMark {
  const wait = Math.min(AGAIN_MS * 2 ** Math.min(attempts, 10), AGAIN_MS_MAX)
  return markDue(ctx, {
    rowName: stripeEventId,
    dueAt: ctx.clock.now() + wait,
    queueName: 'stripe-event',
    body: { stripeEventId },
  })
}
