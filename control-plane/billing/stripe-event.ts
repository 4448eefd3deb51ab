import * as z from 'zod'
import type { TableKey } from '#shared/platform/table.ts'

/** What the ledger keeps of an event of Stripe: which it is and what became of it, never what it says. Times are epoch milliseconds. */
export const StripeEventRow = z.object({
  stripeEventId: z.string(),
  type: z.string(),
  createdAt: z.number(),
  receivedAt: z.number(),
  /** The customer it is about, or the charge by which he is found. */
  stripeCustomerId: z.string().exactOptional(),
  chargeId: z.string().exactOptional(),
  handledAt: z.number().exactOptional(),
  attempts: z.number(),
  error: z.string().exactOptional(),
  /** Told by the webhook, or found missing by the nightly comparison. */
  source: z.enum(['webhook', 'reconcile']),
})
export type StripeEventRow = z.infer<typeof StripeEventRow>

export const LEDGER_DAYS = 90

export function stripeEventKey(stripeEventId: string): TableKey {
  return { pk: `stripe-event#${stripeEventId}`, sk: 'event' }
}

/** `sync`: the customer's truth is fetched. `ignored`: known, and nothing of ours depends on it. */
type Handling = 'sync' | 'ignored'

/** Every type that the platform's endpoint listens to (control-plane.md D.2), and what is done about it. */
export const STRIPE_EVENTS: { readonly [type: string]: Handling } = {
  'checkout.session.completed': 'sync',
  'checkout.session.async_payment_succeeded': 'sync',
  'checkout.session.async_payment_failed': 'sync',
  'checkout.session.expired': 'sync',
  'customer.subscription.created': 'sync',
  'customer.subscription.updated': 'sync',
  'customer.subscription.deleted': 'sync',
  'customer.subscription.paused': 'sync',
  'customer.subscription.resumed': 'sync',
  // There are no trials; one made by hand ends by an invoice, which is told of.
  'customer.subscription.trial_will_end': 'ignored',
  // The renewal calendar is ours: this has no id and its lead time is a setting of the Dashboard. It is a reason to look.
  'invoice.upcoming': 'sync',
  'invoice.finalized': 'sync',
  'invoice.finalization_failed': 'sync',
  'invoice.paid': 'sync',
  'invoice.payment_failed': 'sync',
  'invoice.payment_action_required': 'sync',
  'invoice.marked_uncollectible': 'sync',
  'invoice.voided': 'sync',
  // Automations of the Dashboard: our own mails tell the licensee.
  'invoice.will_be_due': 'ignored',
  'invoice.overdue': 'sync',
  'charge.refunded': 'sync',
  'refund.updated': 'sync',
  'refund.failed': 'sync',
  'charge.dispute.created': 'sync',
  'charge.dispute.closed': 'sync',
  // Name and address at Stripe are the payer's; ours are kept by the licensee.
  'customer.updated': 'sync',
  'customer.deleted': 'sync',
  'payment_method.automatically_updated': 'sync',
}
