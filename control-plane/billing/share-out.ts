import type { Licence } from '#control-plane/core/licence/licence.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { planRefund, refundIdOf } from './plan-refund.ts'
import { Refund, refundKey } from './refund.ts'
import { failedRefundOf } from './send-refund.ts'

export type Payment = {
  readonly paymentIntentId: string
  readonly amountCents: number
  /** Not given back yet. */
  readonly leftCents: number
}

type Input = {
  readonly licence: Licence
  readonly stripeCustomerId: string
  readonly currency: string
  readonly reason: string
  readonly payments: readonly Payment[]
  /** All that is left unless said. */
  readonly amountCents?: number
  readonly askedAs?: string
}

/**
 * Plans what is to go back, payment by payment, each under a key of its own. What the same asking planned before its death stands, and only
 * the rest is shared out. Throws `billing.nothing_to_refund`.
 */
export async function shareOut(ctx: BillingCtx, input: Input): Promise<readonly Refund[]> {
  const { payments, amountCents } = input
  const known = await plannedBefore(ctx, input)
  const free = payments.filter(
    ({ leftCents, paymentIntentId }) => leftCents > 0 && !known.some((one) => one.paymentIntentId === paymentIntentId),
  )
  const left = free.reduce((sum, { leftCents }) => sum + leftCents, 0)
  const before = known.reduce((sum, one) => sum + one.amountCents, 0)
  let rest = amountCents === undefined ? left : amountCents - before
  const isNothing = known.length === 0 && rest < 1
  if (isNothing || rest < 0 || !Number.isInteger(rest) || rest > left)
    throw BillingFailure.nothing_to_refund(`At most ${left + before} of the smallest unit can be given back.`)
  const refunds = [...known]
  for (const payment of free) {
    const part = Math.min(rest, payment.leftCents)
    if (part > 0) refunds.push(await plan(ctx, input, payment, part))
    rest -= part
  }
  return refunds
}

function nameOfAsking(askedAs: string, paymentIntentId: string): string {
  return `${askedAs}:${paymentIntentId}`
}

/** Parts that the same asking has planned; the whole of a payment has one row whoever asks. */
async function plannedBefore(ctx: BillingCtx, input: Input): Promise<readonly Refund[]> {
  const { payments, licence, stripeCustomerId, askedAs, amountCents } = input
  if (askedAs === undefined || amountCents === undefined) return []
  const known: Refund[] = []
  for (const { paymentIntentId } of payments) {
    const refundId = refundIdOf(ctx, licence.licenceId, nameOfAsking(askedAs, paymentIntentId))
    for (const isWhole of [false, true]) {
      const row = await ctx.table.get(refundKey({ stripeCustomerId, paymentIntentId, refundId, isWhole }))
      if (row?.refundId === refundId) known.push(Refund.parse(row))
    }
  }
  return known
}

async function plan(ctx: BillingCtx, input: Input, payment: Payment, part: number): Promise<Refund> {
  const { licence, stripeCustomerId, currency, reason, amountCents, askedAs } = input
  const { paymentIntentId } = payment
  // A part that happens to be all that is left is a part: asked again after a death it must meet its own row.
  const isWhole = amountCents === undefined || part === payment.amountCents
  const failed = isWhole ? await failedRefundOf(ctx, { stripeCustomerId, paymentIntentId }) : undefined
  return planRefund(ctx, {
    licence,
    stripeCustomerId,
    paymentIntentId,
    amountCents: part,
    currency,
    isWhole,
    reason,
    ...(failed === undefined ? {} : { failed }),
    ...(askedAs === undefined ? {} : { askedAs: nameOfAsking(askedAs, paymentIntentId) }),
  })
}
