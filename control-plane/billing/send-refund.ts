import type Stripe from 'stripe'
import { markDue, notDueRemoves } from '#control-plane/core/due.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { BillingCtx } from './billing-context.ts'
import { isProvenFailure, isRefusal } from './idempotency.ts'
import { notOpenRemoves, openMark, Refund, refundKey } from './refund.ts'
import { tell } from './tell.ts'

/** Stripe may forget a key after 24 hours; an hour is kept back for a call that is under way. */
const KEY_MS = 23 * 3_600_000
const AGAIN_MS = 10 * 60_000

/** Sends every refund of a customer that is not settled; `rows`: the customer's partition as it was read. */
export async function sendOpenRefunds(
  ctx: BillingCtx,
  input: { readonly stripeCustomerId: string; readonly rows: readonly TableItem[] },
): Promise<void> {
  for (const row of input.rows) {
    if (!row.sk.startsWith('refund#') || row.state !== 'planned') continue
    await sendRefund(ctx, Refund.parse(row))
  }
}

/**
 * Gives back what a refund's row says, once: under its own key while Stripe remembers it; after that, or after an answer that failed, it is
 * first looked up by its id in the metadata. Runs twice harmlessly.
 */
export async function sendRefund(ctx: BillingCtx, refund: Refund): Promise<Refund> {
  if (refund.state !== 'planned') return refund
  const isFresh = refund.askedAt === undefined
  const isKeyGood = isFresh || ctx.clock.now() - (refund.askedAt ?? 0) < KEY_MS
  if (!isFresh) {
    const known = await findRefund(ctx, refund)
    if (known !== undefined) return settle(ctx, refund, known)
  }
  // Looked up and not there: an old key may be forgotten, so a new one is as good.
  const asked: Refund = isKeyGood
    ? { ...refund, askedAt: refund.askedAt ?? ctx.clock.now() }
    : { ...refund, askedAt: ctx.clock.now(), keyNumber: refund.keyNumber + 1 }
  await write(ctx, refund, asked)
  try {
    return await settle(ctx, asked, await post(ctx, asked))
  } catch (error) {
    if (isRefusal(error)) return refused(ctx, asked, error)
    // The answer that failed is what the key would replay.
    if (isProvenFailure(error)) await write(ctx, asked, { ...asked, keyNumber: asked.keyNumber + 1 })
    throw error
  }
}

function post(ctx: BillingCtx, refund: Refund): Promise<Stripe.Refund> {
  const { refundId, paymentIntentId, amountCents, licenceId, keyNumber } = refund
  const idempotencyKey = keyNumber === 0 ? `refund:${refundId}` : `refund:${refundId}:${keyNumber}`
  return ctx.stripe.refunds.create(
    {
      payment_intent: paymentIntentId,
      amount: amountCents,
      reason: 'requested_by_customer',
      metadata: { refundId, licenceId },
    },
    { idempotencyKey },
  )
}

/** Of a payment the whole refund that came to nothing: Stripe refused it, or the bank sent the money back later. */
export async function failedRefundOf(
  ctx: BillingCtx,
  payment: Pick<Refund, 'stripeCustomerId' | 'paymentIntentId'>,
): Promise<Refund | undefined> {
  const row = await ctx.table.get(refundKey({ ...payment, refundId: '', isWhole: true }))
  if (row === undefined) return undefined
  const refund = Refund.parse(row)
  if (refund.state !== 'done') return refund.state === 'failed' ? refund : undefined
  const known = await findRefund(ctx, refund)
  return known !== undefined && isFailed(known) ? refund : undefined
}

function isFailed({ status }: Stripe.Refund): boolean {
  return status === 'failed' || status === 'canceled'
}

async function findRefund(ctx: BillingCtx, { refundId, paymentIntentId }: Refund): Promise<Stripe.Refund | undefined> {
  const all = await ctx.stripe.refunds
    .list({ payment_intent: paymentIntentId, limit: 100 })
    .autoPagingToArray({ limit: 1000 })
  return all.find(({ metadata }) => metadata?.refundId === refundId)
}

async function refused(
  ctx: BillingCtx,
  refund: Refund,
  error: Stripe.errors.StripeInvalidRequestError,
): Promise<Refund> {
  const known = await findRefund(ctx, refund)
  if (known !== undefined) return settle(ctx, refund, known)
  const failed: Refund = { ...refund, state: 'failed', failure: error.code ?? error.type }
  ctx.log.error({ at: 'refund.refused', refundId: refund.refundId, code: failed.failure })
  // Before the row says so: a death in between only repeats this.
  await tell(ctx, {
    told: [
      {
        mailKey: `refund-refused:${refund.refundId}`,
        subject: 'A payment could not be given back',
        text: `Stripe refuses to give the payment ${refund.paymentIntentId} of the licence ${refund.licenceId} back (${refund.reason}): ${failed.failure}. Try again with "refund retry ${refund.refundId}", or settle it by hand in the Dashboard and say so with "refund settle".`,
      },
    ],
    target: { kind: 'licence', id: refund.licenceId },
    licenseeId: refund.licenseeId,
  })
  await write(ctx, refund, failed)
  return failed
}

async function settle(ctx: BillingCtx, refund: Refund, known: Stripe.Refund): Promise<Refund> {
  const settled: Refund = { ...refund, state: isFailed(known) ? 'failed' : 'done', stripeRefundId: known.id }
  await write(ctx, refund, settled)
  return settled
}

/** The row stays due until it is settled. Twins may both write: they write what Stripe says of the same id. */
async function write(ctx: BillingCtx, before: Refund, after: Refund): Promise<void> {
  const { refundId, stripeCustomerId } = after
  const due = markDue(ctx, {
    rowName: refundId,
    dueAt: ctx.clock.now() + AGAIN_MS,
    queueName: 'billing-sync',
    body: { stripeCustomerId },
  })
  await ctx.table.write({
    kind: 'update',
    key: refundKey(after),
    ...(after.state === 'planned'
      ? { set: { ...after, ...openMark(after), ...due } }
      : {
          set: { ...after, ...openMark(after) },
          remove: [...notDueRemoves, ...(after.state === 'failed' ? [] : notOpenRemoves)],
        }),
    when: {
      allOf: [
        { attribute: 'state', is: '=', value: before.state },
        { attribute: 'keyNumber', is: '=', value: before.keyNumber },
      ],
    },
  })
}
