import { DAY_MS, LAPSE_WARNING_DAYS, warnsAtOf } from './calendar.ts'
import type { Licence } from './licence.ts'
import type { EventOf } from './licence-event.ts'
import {
  BOUGHT,
  byClock,
  byStripe,
  type Changes,
  coversNow,
  dataOf,
  hasNoLiveSubscription,
  isCreditAhead,
  isLonger,
  isNewSubscription,
  isNothingOnItsWay,
  movesForward,
  OVER,
  OWNED,
  people,
  RUNNING,
  type RulesOf,
  UNPAID,
} from './licence-guards.ts'

function paidChanges(licence: Licence, paid: EventOf<'paid'>): Changes {
  const billing = paid.stripe.collectionMethod === 'send_invoice' ? 'invoice' : 'checkout'
  const paidThrough = Math.max(paid.paidThrough, licence.state === 'expired' ? 0 : (licence.paidThrough ?? 0))
  return {
    set: { ...dataOf(paid), paidThrough, billing, isCancelScheduled: paid.stripe.cancelAtPeriodEnd },
    clear: ['graceUntil', 'suspendedAt', 'creditThrough', 'checkout'],
  }
}

function creditChanges(_: Licence, credit: EventOf<'credit_given'>): Changes {
  return {
    set: { ...dataOf(credit), billing: 'invoice', isCancelScheduled: false },
    clear: ['graceUntil', 'suspendedAt'],
  }
}

export const saleRules: RulesOf<
  | 'checkout_opened'
  | 'checkout_lapsed'
  | 'lapse_warned'
  | 'claim_lapsed'
  | 'invoice_ordered'
  | 'paid'
  | 'credit_given'
  | 'granted'
> = {
  checkout_opened: [
    {
      from: BOUGHT,
      to: 'checkout_pending',
      who: people,
      guards: [hasNoLiveSubscription],
      changes: (_, { checkout, number }) => ({ set: { checkout, checkoutCount: number, billing: 'checkout' } }),
    },
    {
      from: OWNED,
      to: 'same',
      who: people,
      guards: [hasNoLiveSubscription],
      changes: (_, { checkout, number }) => ({ set: { checkout, checkoutCount: number } }),
    },
  ],
  checkout_lapsed: [
    {
      from: BOUGHT,
      to: 'draft',
      who: ['system', 'stripe', ...people],
      guards: [],
      changes: () => ({ clear: ['checkout'] }),
    },
    {
      // A closed one keeps its page until Stripe says that nobody can pay on it.
      from: [...OWNED, 'closed'],
      to: 'same',
      who: ['system', 'stripe'],
      guards: [],
      changes: () => ({ clear: ['checkout'] }),
    },
  ],
  lapse_warned: [
    {
      from: BOUGHT,
      to: 'same',
      who: byClock,
      guards: [
        hasNoLiveSubscription,
        { name: 'warned', holds: ({ lapsesAt }) => lapsesAt === undefined },
        { name: 'not_yet', holds: (licence, _, now) => now >= warnsAtOf(licence) },
      ],
      // Told late, it lapses late.
      changes: (licence, _, now) => ({
        set: { lapsesAt: Math.max(warnsAtOf(licence), now) + LAPSE_WARNING_DAYS * DAY_MS },
      }),
    },
  ],
  claim_lapsed: [
    {
      from: BOUGHT,
      to: 'closed',
      who: byClock,
      guards: [
        { name: 'not_yet', holds: ({ lapsesAt }, _, now) => now >= (lapsesAt ?? Number.POSITIVE_INFINITY) },
        isNothingOnItsWay,
      ],
      changes: () => ({}),
    },
  ],
  invoice_ordered: [
    {
      from: BOUGHT,
      to: 'checkout_pending',
      who: people,
      guards: [hasNoLiveSubscription],
      changes: (_, { stripe }) => ({ set: { stripe, billing: 'invoice' }, clear: ['checkout'] }),
    },
    {
      from: OWNED,
      to: 'same',
      who: people,
      guards: [hasNoLiveSubscription],
      changes: () => ({ clear: ['checkout'] }),
    },
  ],
  paid: [
    {
      from: [...BOUGHT, ...RUNNING, ...UNPAID, 'suspended'],
      to: 'active',
      who: byStripe,
      guards: [movesForward, coversNow],
      changes: paidChanges,
    },
    { from: OVER, to: 'active', who: byStripe, guards: [isNewSubscription, coversNow], changes: paidChanges },
    { from: ['disputed'], to: 'same', who: byStripe, guards: [movesForward], changes: paidChanges },
    {
      from: [...RUNNING, ...UNPAID, 'suspended'],
      to: 'same',
      who: byStripe,
      guards: [isLonger],
      changes: (_, paid) => ({ set: dataOf(paid) }),
    },
  ],
  credit_given: [
    { from: BOUGHT, to: 'active', who: byStripe, guards: [isCreditAhead], changes: creditChanges },
    { from: OVER, to: 'active', who: byStripe, guards: [isCreditAhead, isNewSubscription], changes: creditChanges },
    {
      from: ['renewal_due', 'past_due'],
      to: 'renewal_due',
      who: byStripe,
      guards: [isCreditAhead],
      changes: creditChanges,
    },
  ],
  granted: [
    {
      from: [...BOUGHT, ...OWNED],
      to: 'active',
      who: ['vendor_admin'],
      guards: [hasNoLiveSubscription, { name: 'period_over', holds: (_, { endsAt }, now) => endsAt > now }],
      changes: (_, { endsAt }, now) => ({
        set: {
          billing: 'complimentary',
          periodStart: now,
          periodEnd: endsAt,
          paidThrough: endsAt,
          isCancelScheduled: false,
        },
        clear: ['graceUntil', 'suspendedAt', 'creditThrough'],
      }),
    },
  ],
}
