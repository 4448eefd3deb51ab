import { DAY_MS, dayZeroOf, isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { LicenceEvent } from '#control-plane/core/licence/licence-event.ts'
import { isDisputeLost, isDisputeOpen, isReturned, lastKept, lastPaid, type SubscriptionTruth } from './truth.ts'

export type TruthInput = {
  readonly licence: Licence
  readonly current: SubscriptionTruth | undefined
  /** Of the licence's own Checkout Session. */
  readonly session: 'open' | 'complete' | 'expired' | undefined
  readonly isTrusted: boolean
  /** Its tenant is being removed, or is: no payment brings it back. */
  readonly isGone: boolean
  readonly graceDays: number
  readonly now: number
}

/**
 * What Stripe's truth says has happened to a licence, the weightiest first; the first that the machine accepts is done, then it is asked
 * again. Depends on what is true now alone, never on which event led us to look. Pure.
 */
export function eventsOfTruth(whole: TruthInput): readonly LicenceEvent[] {
  const input = isOfThePast(whole) ? { ...whole, current: undefined } : whole
  const { current } = input
  return [
    ...(current === undefined ? [] : moneyEvents(input, current)),
    ...(current === undefined ? [] : renewalEvents(input, current)),
    ...saleEvents(input),
  ]
}

/** What was paid, given back or disputed before a licence was given without charge says nothing of it any more. */
function isOfThePast({ licence, current }: TruthInput): boolean {
  if (licence.billing !== 'complimentary' || current === undefined || isLiveStatus(current.facts.status)) return false
  return current.createdAt <= (licence.periodStart ?? 0)
}

function moneyEvents(input: TruthInput, current: SubscriptionTruth): readonly LicenceEvent[] {
  const { licence, isTrusted, isGone, now } = input
  const { facts: stripe, periodStart } = current
  const paid = lastPaid(current)
  const kept = lastKept(current)
  const dispute = paid?.charges.find((charge) => charge.dispute !== undefined)?.dispute
  const open = current.invoices.find(({ status }) => status === 'open')
  const isOver = licence.state === 'expired' || licence.state === 'refunded'
  const isBehind = (licence.paidThrough ?? 0) < (kept?.periodEnd ?? 0) || licence.billing === 'complimentary'
  return [
    ...(dispute !== undefined && isDisputeOpen(dispute.status) ? [{ kind: 'dispute_opened', dispute } as const] : []),
    ...disputeEnds(input, current),
    ...(paid !== undefined && isReturned(paid) && !isOver
      ? [{ kind: 'refunded', refundedAt: now, stripe } as const]
      : []),
    ...(!isGone && kept !== undefined && (isBehind || isOver)
      ? [
          {
            kind: 'paid',
            periodStart: kept.periodStart,
            periodEnd: kept.periodEnd,
            paidThrough: kept.periodEnd,
            stripe,
          } as const,
        ]
      : []),
    ...(isTrusted && !isGone && stripe.collectionMethod === 'send_invoice' && open?.dueAt !== undefined
      ? [
          {
            kind: 'credit_given',
            creditThrough: open.dueAt,
            periodStart,
            periodEnd: current.periodEnd,
            stripe,
          } as const,
        ]
      : []),
  ]
}

function disputeEnds({ licence, now }: TruthInput, current: SubscriptionTruth): readonly LicenceEvent[] {
  if (licence.state !== 'disputed') return []
  const ours = current.invoices
    .flatMap(({ charges }) => charges)
    .find(({ dispute }) => dispute?.disputeId === licence.dispute?.disputeId)?.dispute
  if (ours === undefined || isDisputeOpen(ours.status)) return []
  // What is lost may be a year that is over: the one that was paid since is ours.
  const isCovered = (lastKept(current)?.periodEnd ?? 0) > now
  return [{ kind: isDisputeLost(ours.status) && !isCovered ? 'dispute_lost' : 'dispute_won' }]
}

function renewalEvents(input: TruthInput, current: SubscriptionTruth): readonly LicenceEvent[] {
  const { licence, graceDays, now } = input
  const { facts: stripe, endReason } = current
  const isRunning = licence.state === 'active' || licence.state === 'renewal_due'
  const isUnpaid = licence.state === 'past_due' || licence.state === 'grace'
  const isEnded = !isLiveStatus(stripe.status)
  const ends = stripe.cancelAtPeriodEnd || isEnded
  const dayZero = dayZeroOf(licence) ?? Number.POSITIVE_INFINITY
  return [
    ...((isRunning || licence.state === 'disputed') &&
    licence.billing !== 'complimentary' &&
    ends !== licence.isCancelScheduled
      ? [{ kind: ends ? 'cancel_scheduled' : 'cancel_undone', stripe } as const]
      : []),
    ...(isUnpaid && isEnded && endReason === 'cancellation_requested' ? [{ kind: 'cancelled', stripe } as const] : []),
    ...(isRunning && now >= dayZero && hasFailed(current) ? [{ kind: 'payment_failed', stripe } as const] : []),
    ...(licence.state === 'past_due' && haveRetriesEnded(current)
      ? [{ kind: 'retries_ended', graceUntil: now + graceDays * DAY_MS, stripe } as const]
      : []),
  ]
}

/** An attempt failed, or the day by which an invoice was to be paid is over; the silence before the first attempt is none. */
function hasFailed({ facts, invoices }: SubscriptionTruth): boolean {
  const [newest] = invoices
  if (facts.status === 'past_due' || facts.status === 'unpaid') return true
  return newest?.status === 'uncollectible' || (newest?.status === 'open' && newest.attempts > 0)
}

function haveRetriesEnded({ facts, invoices }: SubscriptionTruth): boolean {
  const [newest] = invoices
  if (facts.status === 'unpaid' || !isLiveStatus(facts.status)) return true
  if (newest?.status === 'uncollectible' || newest?.status === 'void') return true
  const isCharged = facts.collectionMethod === 'charge_automatically'
  return isCharged && newest?.status === 'open' && newest.attempts > 0 && newest.nextAttemptAt === undefined
}

/** A sale that came to nothing, or a session whose sale is done with. */
function saleEvents({ licence, current, session }: TruthInput): readonly LicenceEvent[] {
  const isPaid = current !== undefined && lastPaid(current) !== undefined
  const isOpen = current !== undefined && (isLiveStatus(current.facts.status) || current.facts.status === 'incomplete')
  if (licence.checkout !== undefined) {
    const isOver = session === 'expired' || (session === 'complete' && (isPaid || !isOpen))
    return isOver ? [{ kind: 'checkout_lapsed' }] : []
  }
  const isDead = licence.state === 'checkout_pending' && licence.billing === 'invoice' && !isOpen && !isPaid
  return isDead ? [{ kind: 'checkout_lapsed' }] : []
}
