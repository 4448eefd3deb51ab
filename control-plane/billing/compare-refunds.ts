import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { BillingCtx } from './billing-context.ts'
import { notOpenRemoves, openMark, Refund, refundKey } from './refund.ts'
import type { SubscriptionTruth } from './truth.ts'

/**
 * Brings whole refunds to what Stripe says of their payments now: one that came to nothing is done when the money is back with the payer all the same
 * (somebody gave it back in the Dashboard), and one that was done came to nothing when the bank has sent it back. `rows`: the customer's partition
 * as it was read before Stripe was asked.
 */
export async function compareRefunds(
  ctx: BillingCtx,
  input: { readonly rows: readonly TableItem[]; readonly subscriptions: readonly SubscriptionTruth[] },
): Promise<void> {
  const refunds = input.rows
    .filter(({ sk, state }) => sk.startsWith('refund#') && (state === 'failed' || state === 'done'))
    .map((row) => Refund.parse(row))
    .filter(({ isWhole }) => isWhole)
  const charges = input.subscriptions.flatMap(({ invoices }) => invoices.flatMap((invoice) => invoice.charges))
  for (const refund of refunds) {
    const charge = charges.find(({ paymentIntentId }) => paymentIntentId === refund.paymentIntentId)
    if (charge === undefined) continue
    const state = charge.refundedCents >= charge.amountCents ? 'done' : 'failed'
    if (state !== refund.state) await move(ctx, refund, state)
  }
}

async function move(ctx: BillingCtx, before: Refund, state: 'done' | 'failed'): Promise<void> {
  const failure = state === 'failed' ? { failure: 'returned_by_bank' } : {}
  ctx.log.warn({ at: 'refund.compared', refundId: before.refundId, state })
  try {
    await ctx.table.write({
      kind: 'update',
      key: refundKey(before),
      set: { state, ...failure, ...openMark({ ...before, state }) },
      ...(state === 'done' ? { remove: notOpenRemoves } : {}),
      when: {
        allOf: [
          { attribute: 'refundId', is: '=', value: before.refundId },
          { attribute: 'state', is: '=', value: before.state },
        ],
      },
    })
  } catch (error) {
    // Somebody else has just moved it.
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
