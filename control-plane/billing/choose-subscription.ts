import { isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { SubscriptionTruth } from './truth.ts'

/** Of a licence's subscriptions: the one it lives by, those bought twice, and those that must not go on. */
export type Choice = {
  readonly current?: SubscriptionTruth
  /** Live beside the current one: to be cancelled and paid back. */
  readonly duplicates: readonly SubscriptionTruth[]
  /** Live although the licence it was for is over: to be ended, nothing paid back. */
  readonly leftOver: readonly SubscriptionTruth[]
}

const isLive = ({ facts }: SubscriptionTruth): boolean => isLiveStatus(facts.status)
const isPaid = ({ invoices }: SubscriptionTruth): boolean => invoices.some(({ status }) => status === 'paid')

/**
 * The subscription that a licence has stays its own while it lives; else the oldest live one, a paid one first, becomes it. A licence that is
 * over can only get another subscription than it had. Pure.
 */
export function chooseSubscription(licence: Licence, all: readonly SubscriptionTruth[]): Choice {
  const ofLicence = all
    .filter(({ licenceId }) => licenceId === licence.licenceId)
    .toSorted((a, b) => a.createdAt - b.createdAt || a.facts.subscriptionId.localeCompare(b.facts.subscriptionId))
  const own = ofLicence.find(({ facts }) => facts.subscriptionId === licence.stripe?.subscriptionId)
  const others = ofLicence.filter((one) => one !== own && isLive(one))
  if (licence.state === 'closed') return { duplicates: others, leftOver: own !== undefined && isLive(own) ? [own] : [] }
  const isOver = licence.state === 'expired' || licence.state === 'refunded'
  const [oldest] = [...others.filter(isPaid), ...others]
  if (own !== undefined && isLive(own) && !isOver) return { current: own, duplicates: others, leftOver: [] }
  const current = oldest ?? own
  return {
    ...(current === undefined ? {} : { current }),
    duplicates: others.filter((one) => one !== current),
    leftOver: isOver && own !== undefined && isLive(own) ? [own] : [],
  }
}
