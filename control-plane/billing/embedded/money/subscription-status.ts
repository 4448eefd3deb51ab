import type { ObjectOf } from '../state/objects.ts'
import type { Money } from './money-context.ts'

type Subscription = ObjectOf<'subscription'>

/** Keeps the subscription and tells of the change, if it is one. */
export function updateSubscription({ unit }: Money, before: Subscription, after: Subscription): Subscription {
  if (JSON.stringify(before) === JSON.stringify(after)) return before
  unit.put('subscription', after)
  unit.tell('customer.subscription.updated', after, before)
  return after
}

/** A subscription follows its latest invoice: paid, voided or given up makes it active again (Stripe, "Subscription statuses"). */
export async function followInvoice(money: Money, invoice: ObjectOf<'invoice'>): Promise<void> {
  const subscriptionId = invoice.parent?.subscription_details?.subscription
  const subscription = subscriptionId === undefined ? undefined : await money.unit.find('subscription', subscriptionId)
  if (subscription === undefined || subscription.latest_invoice !== invoice.id) return
  const isSettled = ['paid', 'void', 'uncollectible'].includes(invoice.status ?? '')
  const isBehind = ['past_due', 'unpaid'].includes(subscription.status)
  const isFirst = subscription.status === 'incomplete' && invoice.status === 'paid'
  if (isSettled && (isBehind || isFirst)) updateSubscription(money, subscription, { ...subscription, status: 'active' })
}

/** The subscription ends now: its open invoices are not collected any more, its drafts never will be. */
export async function endSubscription(
  money: Money,
  subscription: Subscription,
  reason: 'cancellation_requested' | 'payment_failed',
  status: 'canceled' | 'incomplete_expired' = 'canceled',
): Promise<Subscription> {
  const { unit } = money
  const ended: Subscription = {
    ...subscription,
    status,
    ended_at: unit.now(),
    canceled_at: subscription.canceled_at ?? unit.now(),
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      ...subscription.cancellation_details,
      reason,
    },
  }
  unit.put('subscription', ended)
  const isMine = (invoice: ObjectOf<'invoice'>) =>
    invoice.parent?.subscription_details?.subscription === subscription.id &&
    (invoice.status === 'open' || invoice.status === 'draft')
  for (const invoice of await unit.all('invoice', subscription.customer, isMine)) {
    const stopped = { ...invoice, auto_advance: false, next_payment_attempt: null, automatically_finalizes_at: null }
    unit.put('invoice', stopped)
    unit.tell('invoice.updated', stopped, invoice)
  }
  unit.tell('customer.subscription.deleted', ended)
  return ended
}
