import type { Actor } from '../actor.ts'
import { DAY_MS } from './calendar.ts'
import type { Licence, StripeFacts } from './licence.ts'
import type { LicenceEvent, LicenceEventKind } from './licence-event.ts'

export const NOW = Date.UTC(2026, 2, 2, 9)
export const stripe: StripeFacts = {
  subscriptionId: 'sub_1',
  subscriptionItemId: 'si_1',
  priceId: 'price_1',
  unitAmountCents: 99_500,
  currency: 'usd',
  status: 'active',
  isLivemode: false,
  collectionMethod: 'charge_automatically',
  cancelAtPeriodEnd: false,
  fetchedAt: NOW,
}
export const draft: Licence = {
  licenceId: 'lic_1',
  licenseeId: 'lcs_1',
  tenantId: 'ten_1',
  domainName: 'calendar.example.com',
  state: 'draft',
  billing: 'checkout',
  entitlements: {},
  limits: {},
  isCancelScheduled: false,
  isAbuseHeld: false,
  checkoutCount: 0,
  createdAt: NOW,
  version: 1,
}
export const actors = {
  system: { type: 'system', id: 'scheduler' },
  stripe: { type: 'system', id: 'stripe' },
  owner: { type: 'licensee', id: 'usr_1', role: 'owner' },
  vendor_admin: { type: 'vendor', id: 'usr_2', role: 'vendor_admin' },
} as const satisfies Record<string, Actor>
export const lookers: readonly Actor[] = [
  { type: 'vendor', id: 'usr_3', role: 'vendor_support' },
  { type: 'licensee', id: 'usr_4', role: 'viewer' },
  { type: 'licensee', id: 'usr_5', role: 'owner', onBehalfOf: 'usr_6' },
]

export function eventsAt(now: number, subscriptionId = 'sub_1'): { readonly [K in LicenceEventKind]: LicenceEvent } {
  const facts = { ...stripe, subscriptionId }
  const period = { periodStart: now, periodEnd: now + 365 * DAY_MS }
  return {
    checkout_opened: {
      kind: 'checkout_opened',
      checkout: { sessionId: 'cs_1', url: 'http://localhost/', expiresAt: now + DAY_MS },
      number: 1,
    },
    checkout_lapsed: { kind: 'checkout_lapsed' },
    lapse_warned: { kind: 'lapse_warned' },
    claim_lapsed: { kind: 'claim_lapsed' },
    invoice_ordered: { kind: 'invoice_ordered', stripe: facts },
    paid: { kind: 'paid', ...period, paidThrough: period.periodEnd, stripe: facts },
    credit_given: { kind: 'credit_given', ...period, creditThrough: now + 30 * DAY_MS, stripe: facts },
    granted: { kind: 'granted', endsAt: now + 365 * DAY_MS },
    renewal_near: { kind: 'renewal_near' },
    payment_failed: { kind: 'payment_failed' },
    retries_ended: { kind: 'retries_ended', graceUntil: now + 21 * DAY_MS },
    term_ended: { kind: 'term_ended', graceUntil: now + 21 * DAY_MS },
    grace_ended: { kind: 'grace_ended' },
    ended: { kind: 'ended' },
    retention_ended: { kind: 'retention_ended' },
    cancel_scheduled: { kind: 'cancel_scheduled' },
    cancel_undone: { kind: 'cancel_undone' },
    cancelled: { kind: 'cancelled' },
    refunded: { kind: 'refunded', refundedAt: now },
    dispute_opened: { kind: 'dispute_opened', dispute: { disputeId: 'dp_1', status: 'needs_response', reason: 'x' } },
    dispute_won: { kind: 'dispute_won' },
    dispute_lost: { kind: 'dispute_lost' },
    abuse_held: { kind: 'abuse_held' },
    abuse_lifted: { kind: 'abuse_lifted' },
    terms_changed: { kind: 'terms_changed', limits: { sendsPerDay: 1 }, entitlements: {} },
    tenant_deleted: { kind: 'tenant_deleted' },
  }
}
