import { commit } from '#control-plane/core/commit.ts'
import { markDue } from '#control-plane/core/due.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { BillingCtx } from './billing-context.ts'
import { Refund, refundKey } from './refund.ts'

const SOON_MS = 60_000

/** Writes down that money is to go back, with the id under which Stripe will be asked; a whole refund that was asked for before is that one. */
export async function planRefund(
  ctx: BillingCtx,
  input: Pick<Refund, 'stripeCustomerId' | 'paymentIntentId' | 'amountCents' | 'currency' | 'isWhole' | 'reason'> & {
    readonly licence: Licence
  },
): Promise<Refund> {
  const { licence, ...rest } = input
  const { licenceId, licenseeId, tenantId } = licence
  const refund: Refund = {
    ...rest,
    refundId: ctx.ids.newId('rfd'),
    licenceId,
    licenseeId,
    state: 'planned',
    keyNumber: 0,
    createdAt: ctx.clock.now(),
  }
  const { stripeCustomerId } = refund
  const due = markDue(ctx, {
    rowName: refund.refundId,
    dueAt: ctx.clock.now() + SOON_MS,
    queueName: 'billing-sync',
    body: { stripeCustomerId },
  })
  try {
    await commit(ctx, {
      operations: [{ kind: 'put', item: { ...refundKey(refund), ...refund, ...due }, when: { row: 'absent' } }],
      audit: {
        action: 'licence.refund_planned',
        target: { kind: 'licence', id: licenceId },
        licenseeId,
        tenantId,
        after: refund,
        reason: refund.reason,
      },
    })
    return refund
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return Refund.parse(await ctx.table.get(refundKey(refund)))
  }
}
