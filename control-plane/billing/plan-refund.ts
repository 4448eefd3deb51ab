import { commit } from '#control-plane/core/commit.ts'
import { markDue } from '#control-plane/core/due.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Condition } from '#shared/platform/table.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { openMark, Refund, refundKey } from './refund.ts'
import { settledWrite } from './settle-refund.ts'

const SOON_MS = 60_000

export function refundIdOf({ sha256, actor }: BillingCtx, licenceId: string, askedAs: string): string {
  return `rfd_${sha256(`${actor.type} ${actor.id} ${licenceId} ${askedAs}`).slice(0, 26)}`
}

/** Writes down that money is to go back, with the id under which Stripe will be asked; a whole refund that was asked for before is that one. */
export async function planRefund(
  ctx: BillingCtx,
  input: Pick<Refund, 'stripeCustomerId' | 'paymentIntentId' | 'amountCents' | 'currency' | 'isWhole' | 'reason'> & {
    readonly licence: Licence
    /** A refund of the same payment that came to nothing: this one takes its row. */
    readonly failed?: Refund
    /** Names the asking: the same one again is the same refund, also of a part. */
    readonly askedAs?: string
  },
): Promise<Refund> {
  const { licence, failed, askedAs, ...rest } = input
  const { licenceId, licenseeId, tenantId } = licence
  const refund: Refund = {
    ...rest,
    // Under the id of the one that came to nothing Stripe would answer as it did then.
    refundId:
      askedAs === undefined || failed !== undefined ? ctx.ids.newId('rfd') : refundIdOf(ctx, licenceId, askedAs),
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
  // The whole of a payment has one row, which the new one takes; of a part the old row stays and is over.
  const isSameRow = failed !== undefined && refundKey(failed).sk === refundKey(refund).sk
  const when: Condition = isSameRow ? { attribute: 'refundId', is: '=', value: failed.refundId } : { row: 'absent' }
  try {
    await commit(ctx, {
      operations: [
        { kind: 'put', item: { ...refundKey(refund), ...refund, ...openMark(refund), ...due }, when },
        ...(failed === undefined || isSameRow ? [] : [settledWrite(failed)]),
      ],
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
    const standing = await ctx.table.get(refundKey(refund))
    // Somebody else has dealt with the one that it should follow.
    if (standing === undefined) throw BillingFailure.refund_not_failed('This refund is under way or over by now.')
    return Refund.parse(standing)
  }
}
