import { commit } from '#control-plane/core/commit.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { openRefund } from './list-refunds.ts'
import { notOpenRemoves, type Refund, refundKey } from './refund.ts'

/** A refund that came to nothing and is over all the same; fails when it has become anything else. */
export function settledWrite(refund: Refund): WriteOperation {
  return {
    kind: 'update',
    key: refundKey(refund),
    set: { state: 'settled' },
    remove: notOpenRemoves,
    when: {
      allOf: [
        { attribute: 'refundId', is: '=', value: refund.refundId },
        { attribute: 'state', is: '=', value: 'failed' },
      ],
    },
  }
}

/**
 * A person has given the money back otherwise, or it was agreed that it stays: the refund is over. Throws `billing.no_refund` and
 * `billing.refund_not_failed`.
 */
export async function settleRefund(
  ctx: BillingCtx,
  { refundId, reason }: { readonly refundId: string; readonly reason: string },
): Promise<Refund> {
  const refund = await openRefund(ctx, refundId)
  if (refund.state !== 'failed') throw BillingFailure.refund_not_failed('This refund is still under way.')
  try {
    await commit(ctx, {
      operations: [settledWrite(refund)],
      audit: {
        action: 'licence.refund_settled',
        target: { kind: 'licence', id: refund.licenceId },
        licenseeId: refund.licenseeId,
        before: refund,
        reason,
      },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    throw BillingFailure.refund_not_failed('Somebody else has just dealt with this refund.')
  }
  return { ...refund, state: 'settled' }
}
