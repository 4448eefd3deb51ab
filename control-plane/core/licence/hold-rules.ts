import type { Licence } from './licence.ts'
import { BOUGHT, byClock, byStripe, type Changes, NOT_CLOSED, RUNNING, type RulesOf, UNPAID } from './licence-guards.ts'

const moneyBack = (licence: Licence, stripe: Licence['stripe'], at: number): Changes => ({
  set: {
    ...(stripe === undefined ? {} : { stripe }),
    ...(licence.paidThrough === undefined ? {} : { paidThrough: Math.min(licence.paidThrough, at) }),
    suspendedAt: at,
  },
  clear: ['graceUntil', 'creditThrough', 'dispute'],
})

function isSame(one: Licence['limits' | 'entitlements'], other: Licence['limits' | 'entitlements']): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

export const holdRules: RulesOf<
  | 'refunded'
  | 'dispute_opened'
  | 'dispute_won'
  | 'dispute_lost'
  | 'abuse_held'
  | 'abuse_lifted'
  | 'terms_changed'
  | 'tenant_deleted'
> = {
  refunded: [
    {
      from: [...BOUGHT, ...RUNNING, ...UNPAID, 'suspended', 'disputed'],
      to: 'refunded',
      who: byStripe,
      guards: [],
      changes: (licence, { refundedAt, stripe }) => moneyBack(licence, stripe, refundedAt),
    },
  ],
  dispute_opened: [
    {
      from: [...RUNNING, ...UNPAID],
      to: 'disputed',
      who: byStripe,
      guards: [],
      changes: (_, { dispute }) => ({ set: { dispute }, clear: ['graceUntil'] }),
    },
  ],
  dispute_won: [
    {
      from: ['disputed'],
      to: 'active',
      who: ['stripe', 'vendor_admin'],
      guards: [],
      changes: () => ({ clear: ['dispute'] }),
    },
  ],
  dispute_lost: [
    {
      from: ['disputed'],
      to: 'refunded',
      who: ['stripe', 'vendor_admin'],
      guards: [],
      changes: (licence, _, now) => moneyBack(licence, undefined, now),
    },
  ],
  abuse_held: [
    {
      from: NOT_CLOSED,
      to: 'same',
      who: ['vendor_admin', 'system'],
      guards: [{ name: 'already_held', holds: ({ isAbuseHeld }) => !isAbuseHeld }],
      changes: () => ({ set: { isAbuseHeld: true } }),
    },
  ],
  abuse_lifted: [
    {
      from: NOT_CLOSED,
      to: 'same',
      who: ['vendor_admin'],
      guards: [{ name: 'not_held', holds: ({ isAbuseHeld }) => isAbuseHeld }],
      changes: () => ({ set: { isAbuseHeld: false } }),
    },
  ],
  terms_changed: [
    {
      from: NOT_CLOSED,
      to: 'same',
      who: ['vendor_admin'],
      guards: [
        {
          name: 'terms_are_so',
          holds: (licence, { limits, entitlements }) =>
            !isSame(licence.limits, limits) || !isSame(licence.entitlements, entitlements),
        },
      ],
      changes: (_, { limits, entitlements }) => ({ set: { limits, entitlements } }),
    },
  ],
  tenant_deleted: [
    {
      from: NOT_CLOSED,
      to: 'closed',
      who: byClock,
      guards: [],
      changes: () => ({ clear: ['graceUntil', 'creditThrough', 'dispute'] }),
    },
  ],
}
