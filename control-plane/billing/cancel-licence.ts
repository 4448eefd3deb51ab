import type Stripe from 'stripe'
import { isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { type Move, mayHappen, moveLicence } from '#control-plane/core/licence/move-licence.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { chooseSubscription } from './choose-subscription.ts'
import { dropOrder } from './drop-order.ts'
import { endSubscription } from './end-subscription.ts'
import { fetchTruth } from './fetch-truth.ts'
import { withKey } from './idempotency.ts'

/**
 * Cancels: a licence that is paid works until the end of its period and is not renewed; one that is unpaid ends now, its retries stop and
 * its open invoice is void; an order that nobody has paid is taken back. Throws `licence.wrong_state`, `billing.checkout_completed`.
 */
export async function scheduleCancel(
  ctx: BillingCtx,
  input: { readonly licenceId: string; readonly reason?: string },
): Promise<Licence> {
  const licence = await getLicence(ctx, input.licenceId)
  const reason = input.reason === undefined ? {} : { reason: input.reason }
  if (licence.state === 'checkout_pending') {
    const dropped = await dropOrder(ctx, input)
    if (dropped.state === 'draft') return dropped
    return moveOnce(
      ctx,
      { licence: dropped, licenceEvent: { kind: 'checkout_lapsed' }, ...reason },
      ({ state }) => state === 'draft',
    )
  }
  if (licence.state === 'past_due' || licence.state === 'grace') {
    mayHappen(ctx, licence, { kind: 'cancelled' })
    await endNow(ctx, licence)
    return moveOnce(
      ctx,
      { licence, licenceEvent: { kind: 'cancelled' }, ...reason },
      ({ state }) => state === 'suspended',
    )
  }
  mayHappen(ctx, licence, { kind: 'cancel_scheduled' })
  await setAtStripe(ctx, licence, true)
  return moveOnce(
    ctx,
    { licence, licenceEvent: { kind: 'cancel_scheduled' }, ...reason },
    (now) => now.isCancelScheduled,
  )
}

/** Takes a cancellation back while the period runs. Throws `licence.wrong_state`, `billing.no_subscription` when Stripe has ended it for good. */
export async function undoCancel(ctx: BillingCtx, input: { readonly licenceId: string }): Promise<Licence> {
  const licence = await getLicence(ctx, input.licenceId)
  mayHappen(ctx, licence, { kind: 'cancel_undone' })
  await setAtStripe(ctx, licence, false)
  return moveOnce(ctx, { licence, licenceEvent: { kind: 'cancel_undone' } }, (now) => !now.isCancelScheduled)
}

/** Stripe's word of the same act may be written before ours: then it is done. */
async function moveOnce(ctx: BillingCtx, move: Move, isDone: (licence: Licence) => boolean): Promise<Licence> {
  try {
    return await moveLicence(ctx, move)
  } catch (error) {
    if (!isFailure(error, 'licence.changed_meanwhile')) throw error
    const now = await getLicence(ctx, move.licence.licenceId)
    if (!isDone(now)) throw error
    return now
  }
}

/** The version is in the key: each decision is one call, its repetition none. */
async function setAtStripe(ctx: BillingCtx, licence: Licence, isCancelled: boolean): Promise<void> {
  const { stripe, licenceId, version } = licence
  if (stripe === undefined || !isLiveStatus(stripe.status))
    throw BillingFailure.no_subscription('The subscription has ended; buy the licence again.')
  const change = isCancelled ? { cancel_at_period_end: true } : await undoing(ctx, stripe.subscriptionId)
  if (change === undefined) return
  await withKey(ctx, `cancel-at-end:${licenceId}:${version}`, (idempotencyKey) =>
    ctx.stripe.subscriptions.update(stripe.subscriptionId, change, { idempotencyKey }),
  )
}

/**
 * What takes a cancellation back; undefined when it is back. The portal cancels a subscription of flexible billing by a date, which is not the
 * flag's to take back (Stripe, "Cancel subscriptions").
 */
async function undoing(ctx: BillingCtx, subscriptionId: string): Promise<Stripe.SubscriptionUpdateParams | undefined> {
  const { cancel_at, cancel_at_period_end } = await ctx.stripe.subscriptions.retrieve(subscriptionId)
  if (cancel_at_period_end) return { cancel_at_period_end: false }
  return cancel_at === null ? undefined : { cancel_at: '' }
}

async function endNow(ctx: BillingCtx, licence: Licence): Promise<void> {
  const { stripeCustomerId } = await getLicensee(ctx, licence.licenseeId)
  if (stripeCustomerId === undefined) return
  const truth = await fetchTruth(ctx, { stripeCustomerId, sessionIds: [] })
  const { current } = chooseSubscription(licence, truth.subscriptions)
  if (current !== undefined && isLiveStatus(current.facts.status)) await endSubscription(ctx, current)
}
