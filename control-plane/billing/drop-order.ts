import { isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import { type Licence, LicenceFailure } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { chooseSubscription } from './choose-subscription.ts'
import { endSubscription } from './end-subscription.ts'
import { expireOpenSession } from './expire-session.ts'
import { fetchTruth } from './fetch-truth.ts'
import { syncCustomer } from './sync-customer.ts'

/**
 * Takes an order back that nobody has paid: its page is closed, its invoice void, its subscription ended at Stripe. Stripe is asked first, so
 * that what was paid at the last moment stays paid. Throws `billing.checkout_completed` while a payment is being confirmed, and
 * `licence.wrong_state` when it was paid meanwhile.
 */
export async function dropOrder(ctx: BillingCtx, { licenceId }: { readonly licenceId: string }): Promise<Licence> {
  const ordered = await getLicence(ctx, licenceId)
  if ((await expireOpenSession(ctx, ordered)) === 'complete')
    throw BillingFailure.checkout_completed('The payment by card is being confirmed.')
  const { stripeCustomerId } = await getLicensee(ctx, ordered.licenseeId)
  if (stripeCustomerId === undefined) return getLicence(ctx, licenceId)
  await syncCustomer(ctx, { stripeCustomerId })
  const licence = await getLicence(ctx, licenceId)
  if (licence.state === 'draft') return licence
  if (licence.state !== 'checkout_pending') throw LicenceFailure.wrong_state('It was paid meanwhile: look again.')
  const truth = await fetchTruth(ctx, { stripeCustomerId, sessionIds: [] })
  const { current } = chooseSubscription(licence, truth.subscriptions)
  if (current !== undefined && isLiveStatus(current.facts.status)) await endSubscription(ctx, current)
  return getLicence(ctx, licenceId)
}
