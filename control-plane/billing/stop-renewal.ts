import { isLeaving } from '#control-plane/core/licence/assert-servable.ts'
import { isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { BillingCtx } from './billing-context.ts'
import { endSubscription } from './end-subscription.ts'
import { withKey } from './idempotency.ts'
import type { SubscriptionTruth } from './truth.ts'

/** States in which something is paid for that may still be had until its end. */
const PAID: readonly Licence['state'][] = ['active', 'renewal_due', 'disputed']

/** Whose tenant is being removed is charged no more: what is paid runs out, what is not paid ends now. Twice is harmless. */
export async function stopRenewal(
  ctx: BillingCtx,
  { licence, current }: { readonly licence: Licence; readonly current: SubscriptionTruth | undefined },
): Promise<void> {
  if (current === undefined || !isLiveStatus(current.facts.status)) return
  const isPaid = PAID.includes(licence.state)
  if (isPaid && current.facts.cancelAtPeriodEnd) return
  if (!isLeaving(await getTenant(ctx, licence.tenantId))) return
  if (!isPaid) return endSubscription(ctx, current)
  const { subscriptionId } = current.facts
  await withKey(ctx, `stop-renewal:${licence.licenceId}:${licence.version}`, (idempotencyKey) =>
    ctx.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, { idempotencyKey }),
  )
}
