import { isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { type InvoiceTruth, isReturned, type SubscriptionTruth } from './truth.ts'

/** Of a licence's subscriptions: the one it lives by, those bought twice, and those that must not go on. */
export type Choice = {
  readonly current?: SubscriptionTruth
  /** Live beside the current one: to be cancelled and paid back. */
  readonly duplicates: readonly SubscriptionTruth[]
  /** Live although the licence it was for is over: to be ended, nothing paid back. */
  readonly leftOver: readonly SubscriptionTruth[]
  /** Bought or paid for what is not served any more: to be ended, and what was paid since goes back. */
  readonly late: readonly LateTruth[]
}

export type LateTruth = { readonly subscription: SubscriptionTruth; readonly invoices: readonly InvoiceTruth[] }

const isLive = ({ facts }: SubscriptionTruth): boolean => isLiveStatus(facts.status)
const isPaid = ({ invoices }: SubscriptionTruth): boolean => invoices.some(({ status }) => status === 'paid')

/**
 * The subscription that a licence has stays its own while it lives; else the oldest live one, a paid one first, becomes it. A licence that is
 * over can only get another subscription than it had; one whose tenant is gone gets none. Pure.
 */
export function chooseSubscription(licence: Licence, all: readonly SubscriptionTruth[], isGone = false): Choice {
  const ofLicence = all
    .filter(({ licenceId }) => licenceId === licence.licenceId)
    .toSorted((a, b) => a.createdAt - b.createdAt || a.facts.subscriptionId.localeCompare(b.facts.subscriptionId))
  const own = ofLicence.find(({ facts }) => facts.subscriptionId === licence.stripe?.subscriptionId)
  const others = ofLicence.filter((one) => one !== own && isLive(one))
  if (isGone)
    return {
      ...(own === undefined || licence.state === 'closed' ? {} : { current: own }),
      duplicates: [],
      leftOver: licence.state === 'closed' && own !== undefined && isLive(own) ? [own] : [],
      late: ofLicence.flatMap((one) => lateOf(licence, one, one === own)),
    }
  const isOver = licence.state === 'expired' || licence.state === 'refunded'
  const [oldest] = [...others.filter(isPaid), ...others]
  if (own !== undefined && isLive(own) && !isOver) return { current: own, duplicates: others, leftOver: [], late: [] }
  const current = oldest ?? own
  return {
    ...(current === undefined ? {} : { current }),
    duplicates: others.filter((one) => one !== current),
    leftOver: isOver && own !== undefined && isLive(own) ? [own] : [],
    late: [],
  }
}

/** Years that were paid and had before are not late: what reaches further than the licence was ever paid is. */
function lateOf(licence: Licence, subscription: SubscriptionTruth, isOwn: boolean): readonly LateTruth[] {
  if (licence.billing === 'complimentary' && (isOwn || !isLive(subscription))) return []
  const invoices = subscription.invoices.filter(
    (invoice) =>
      invoice.status === 'paid' &&
      !isReturned(invoice) &&
      invoice.amountPaidCents > 0 &&
      invoice.periodEnd > (licence.paidThrough ?? 0),
  )
  return invoices.length > 0 || (!isOwn && isLive(subscription)) ? [{ subscription, invoices }] : []
}
