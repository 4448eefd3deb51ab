import { DAY_MS, RENEWAL_DAYS, RETENTION_DAYS } from './calendar.ts'
import type { Licence } from './licence.ts'
import {
  byClock,
  byStripe,
  type Changes,
  dataOf,
  isCancelScheduled,
  isComplimentary,
  isDayZeroPast,
  isNotCancelScheduled,
  isSold,
  people,
  RUNNING,
  type RulesOf,
  UNPAID,
} from './licence-guards.ts'

const facts = (_: Licence, { stripe }: { readonly stripe?: Licence['stripe'] }): Changes =>
  stripe === undefined ? {} : { set: { stripe } }

export const periodRules: RulesOf<
  | 'renewal_near'
  | 'payment_failed'
  | 'retries_ended'
  | 'term_ended'
  | 'grace_ended'
  | 'ended'
  | 'retention_ended'
  | 'cancel_scheduled'
  | 'cancel_undone'
  | 'cancelled'
> = {
  renewal_near: [
    {
      from: ['active'],
      to: 'renewal_due',
      who: byClock,
      guards: [
        isNotCancelScheduled,
        {
          name: 'not_yet',
          holds: ({ paidThrough }, _, now) =>
            paidThrough !== undefined && now >= paidThrough - RENEWAL_DAYS[0] * DAY_MS,
        },
      ],
      changes: () => ({}),
    },
  ],
  payment_failed: [
    { from: RUNNING, to: 'past_due', who: ['system', 'stripe'], guards: [isDayZeroPast, isSold], changes: facts },
  ],
  retries_ended: [
    {
      from: ['past_due'],
      to: 'grace',
      who: ['system', 'stripe'],
      guards: [],
      changes: (_, ended) => ({ set: dataOf(ended) }),
    },
  ],
  term_ended: [
    {
      from: RUNNING,
      to: 'grace',
      who: byClock,
      guards: [isDayZeroPast, isComplimentary],
      changes: (_, { graceUntil }) => ({ set: { graceUntil } }),
    },
  ],
  grace_ended: [
    {
      from: ['grace'],
      to: 'suspended',
      who: byClock,
      guards: [{ name: 'not_yet', holds: ({ graceUntil }, _, now) => now >= (graceUntil ?? 0) }],
      changes: (_, __, now) => ({ set: { suspendedAt: now }, clear: ['graceUntil'] }),
    },
  ],
  ended: [
    {
      from: RUNNING,
      to: 'suspended',
      who: byClock,
      guards: [isCancelScheduled, isDayZeroPast],
      changes: (_, __, now) => ({ set: { suspendedAt: now } }),
    },
  ],
  retention_ended: [
    {
      from: ['suspended', 'refunded'],
      to: 'expired',
      who: byClock,
      guards: [
        { name: 'not_yet', holds: ({ suspendedAt }, _, now) => now >= (suspendedAt ?? 0) + RETENTION_DAYS * DAY_MS },
      ],
      changes: () => ({ clear: ['suspendedAt'] }),
    },
  ],
  cancel_scheduled: [
    {
      from: RUNNING,
      to: 'same',
      who: [...people, 'stripe'],
      guards: [isNotCancelScheduled, isSold],
      changes: (_, licenceEvent) => ({ set: { ...dataOf(licenceEvent), isCancelScheduled: true } }),
    },
    // What is frozen is for people to leave alone; what Stripe has is still kept.
    {
      from: ['disputed'],
      to: 'same',
      who: byStripe,
      guards: [isNotCancelScheduled, isSold],
      changes: (_, licenceEvent) => ({ set: { ...dataOf(licenceEvent), isCancelScheduled: true } }),
    },
  ],
  cancel_undone: [
    {
      from: RUNNING,
      to: 'same',
      who: [...people, 'stripe'],
      guards: [isCancelScheduled],
      changes: (_, licenceEvent) => ({ set: { ...dataOf(licenceEvent), isCancelScheduled: false } }),
    },
    // What is frozen is for people to leave alone; what Stripe has is still kept.
    {
      from: ['disputed'],
      to: 'same',
      who: byStripe,
      guards: [isCancelScheduled],
      changes: (_, licenceEvent) => ({ set: { ...dataOf(licenceEvent), isCancelScheduled: false } }),
    },
  ],
  cancelled: [
    {
      from: UNPAID,
      to: 'suspended',
      who: [...people, 'stripe'],
      guards: [],
      changes: (_, licenceEvent, now) => ({
        set: { ...dataOf(licenceEvent), isCancelScheduled: true, suspendedAt: now },
        clear: ['graceUntil'],
      }),
    },
  ],
}
