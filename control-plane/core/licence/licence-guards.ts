import type { LicenceState } from '#shared/contracts/licence-file.ts'
import type { Mover } from '../actor.ts'
import { dayZeroOf, isLiveStatus } from './calendar.ts'
import type { Licence } from './licence.ts'
import type { EventOf, LicenceEvent, LicenceEventKind } from './licence-event.ts'

type Clearable = 'graceUntil' | 'suspendedAt' | 'creditThrough' | 'checkout' | 'dispute'
export type Changes = { readonly set?: Partial<Licence>; readonly clear?: readonly Clearable[] }

/** A guard's name is the reason that a refusal gives. */
type Guard<E extends LicenceEvent> = {
  readonly name: string
  readonly holds: (licence: Licence, licenceEvent: E, now: number) => boolean
}

/** One row of the machine. `same`: the state stays and other fields change. Every move promises `licence-changed`. */
export type LicenceRule<E extends LicenceEvent> = {
  readonly from: readonly LicenceState[]
  readonly to: LicenceState | 'same'
  readonly who: readonly Mover[]
  readonly guards: readonly Guard<E>[]
  readonly changes: (licence: Licence, licenceEvent: E, now: number) => Changes
}

/** The rows of some kinds; of one kind the first row whose state and guards fit is taken. */
export type RulesOf<K extends LicenceEventKind> = { readonly [One in K]: readonly LicenceRule<EventOf<One>>[] }

/** What an event says, without its name: fields of the licence under the licence's names. */
export function dataOf<E extends LicenceEvent>({ kind: _kind, ...data }: E): Omit<E, 'kind'> {
  return data
}

/** Groups of states, in the order of a licence's life. */
export const BOUGHT = ['draft', 'checkout_pending'] as const
export const RUNNING = ['active', 'renewal_due'] as const
export const UNPAID = ['past_due', 'grace'] as const
export const OVER = ['expired', 'refunded'] as const
export const OWNED = [...RUNNING, ...UNPAID, 'suspended', ...OVER] as const
export const NOT_CLOSED = [...BOUGHT, ...OWNED, 'disputed'] as const

export const people = ['owner', 'vendor_admin'] as const
export const byClock = ['system'] as const
export const byStripe = ['stripe'] as const

export const hasNoLiveSubscription: Guard<LicenceEvent> = {
  name: 'subscription_live',
  holds: ({ stripe }) => stripe === undefined || !isLiveStatus(stripe.status),
}
/** Neither a page on which could be paid just now, nor an invoice that is out, nor a first payment that waits for its bank. */
export const isNothingOnItsWay: Guard<LicenceEvent> = {
  name: 'payment_on_its_way',
  holds: ({ checkout, stripe }) =>
    checkout === undefined &&
    (stripe === undefined || !(isLiveStatus(stripe.status) || stripe.status === 'incomplete')),
}
export const isCancelScheduled: Guard<LicenceEvent> = {
  name: 'not_cancelled',
  holds: (licence) => licence.isCancelScheduled,
}
export const isNotCancelScheduled: Guard<LicenceEvent> = {
  name: 'cancelled',
  holds: (licence) => !licence.isCancelScheduled,
}
export const isComplimentary: Guard<LicenceEvent> = {
  name: 'not_complimentary',
  holds: ({ billing }) => billing === 'complimentary',
}
export const isSold: Guard<LicenceEvent> = {
  name: 'complimentary',
  holds: ({ billing }) => billing !== 'complimentary',
}
export const isDayZeroPast: Guard<LicenceEvent> = {
  name: 'period_runs',
  holds: (licence, _, now) => now >= (dayZeroOf(licence) ?? Number.POSITIVE_INFINITY),
}
/** Monotonic: what is paid for only grows, but by refund and dispute. */
export const movesForward: Guard<EventOf<'paid'>> = {
  name: 'not_forward',
  holds: ({ paidThrough, stripe, billing }, { paidThrough: to, stripe: { subscriptionId } }) =>
    to > (paidThrough ?? 0) || subscriptionId !== stripe?.subscriptionId || billing === 'complimentary',
}
/** Also of another subscription: one that is over shortens nothing. */
export const isLonger: Guard<EventOf<'paid'>> = {
  name: 'not_forward',
  holds: ({ paidThrough }, { paidThrough: to }) => to > (paidThrough ?? 0),
}
export const coversNow: Guard<EventOf<'paid'>> = {
  name: 'period_over',
  holds: (_, { paidThrough }, now) => paidThrough > now,
}
export const isNewSubscription: Guard<EventOf<'paid' | 'credit_given'>> = {
  name: 'old_subscription',
  holds: ({ stripe }, licenceEvent) => licenceEvent.stripe.subscriptionId !== stripe?.subscriptionId,
}
export const isCreditAhead: Guard<EventOf<'credit_given'>> = {
  name: 'not_forward',
  holds: ({ creditThrough }, licenceEvent, now) =>
    licenceEvent.creditThrough > now && licenceEvent.creditThrough > (creditThrough ?? 0),
}
