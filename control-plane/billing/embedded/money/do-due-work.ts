import type { DueWork } from '../state/unit.ts'
import { collectInvoice, fallBehind } from './collect-invoice.ts'
import { draftInvoice } from './draft-invoice.ts'
import { expireSession } from './expire-session.ts'
import { finalizeInvoice, issueInvoice } from './finalize-invoice.ts'
import type { Money } from './money-context.ts'
import { settleRefund } from './refunds.ts'
import { inNextPeriod, periodEndOf, watchPeriod } from './start-subscription.ts'
import { endSubscription, updateSubscription } from './subscription-status.ts'

/** Does what time asks of an object now. What is not so any more asks for nothing: the same work may come again. */
export async function doDueWork(money: Money, work: DueWork): Promise<void> {
  await DOERS[work.kind](money, work.objectId)
}

const DOERS: { readonly [K in DueWork['kind']]: (money: Money, objectId: string) => Promise<void> } = {
  subscription: renew,
  upcoming: tellUpcoming,
  invoice: advanceInvoice,
  overdue: fallOverdue,
  'checkout.session': async (money, sessionId) => {
    const session = await money.unit.find('checkout.session', sessionId)
    if (session?.status === 'open' && session.expires_at <= money.unit.now()) expireSession(money, session)
  },
  refund: (money, refundId) => settleRefund(money.unit, refundId),
  test_clock: () => Promise.resolve(),
}

const ALIVE = ['active', 'past_due', 'unpaid']

async function renew(money: Money, subscriptionId: string): Promise<void> {
  const { unit } = money
  const before = await unit.find('subscription', subscriptionId)
  if (before?.status === 'incomplete') await endSubscription(money, before, 'payment_failed', 'incomplete_expired')
  if (before === undefined || !ALIVE.includes(before.status) || periodEndOf(before) > unit.now()) return
  if (before.cancel_at_period_end) {
    await endSubscription(money, before, 'cancellation_requested')
    return
  }
  const moved = inNextPeriod(before, unit.now())
  // A subscription that is unpaid keeps making invoices, and leaves them as drafts (Stripe, "Subscription statuses").
  const draft = await issueInvoice(money, moved, 'subscription_cycle', before.status !== 'unpaid')
  updateSubscription(money, before, { ...moved, latest_invoice: draft.id })
  watchPeriod(money, moved)
}

/** The invoice to come has no id and is kept nowhere. */
async function tellUpcoming(money: Money, subscriptionId: string): Promise<void> {
  const { unit } = money
  const subscription = await unit.find('subscription', subscriptionId)
  if (subscription === undefined || !ALIVE.includes(subscription.status) || subscription.cancel_at_period_end) return
  const { id: _, ...upcoming } = await draftInvoice(
    money,
    inNextPeriod(subscription, periodEndOf(subscription)),
    'upcoming',
    '',
  )
  unit.tell('invoice.upcoming', { ...upcoming, next_payment_attempt: periodEndOf(subscription) + 3600 })
}

/** A draft becomes open; an open invoice of a card is tried, when its time has come. */
async function advanceInvoice(money: Money, invoiceId: string): Promise<void> {
  const { unit } = money
  const invoice = await unit.find('invoice', invoiceId)
  if (invoice === undefined) return
  if (invoice.status === 'draft') {
    if (invoice.automatically_finalizes_at === null || invoice.automatically_finalizes_at > unit.now()) return
    const open = await finalizeInvoice(money, invoice)
    if (open.status !== 'open') return
    if (open.collection_method === 'send_invoice') unit.tell('invoice.sent', open)
    else await collectInvoice(money, open, { presence: 'absent', isAutomatic: true })
    return
  }
  const { next_payment_attempt: nextAt } = invoice
  if (invoice.status !== 'open' || nextAt === null || nextAt > unit.now()) return
  await collectInvoice(money, invoice, { presence: 'absent', isAutomatic: true })
}

const OVERDUE_DAYS = 30

/** An invoice that was sent and not paid in time; after a month more the Dashboard's rule for failed payments applies. */
async function fallOverdue(money: Money, invoiceId: string): Promise<void> {
  const { unit } = money
  const invoice = await unit.find('invoice', invoiceId)
  if (invoice?.status !== 'open' || invoice.due_date === null || invoice.due_date > unit.now()) return
  const endsAt = invoice.due_date + OVERDUE_DAYS * 86_400
  if (unit.now() >= endsAt) {
    await fallBehind(money, invoice)
    return
  }
  unit.tell('invoice.overdue', invoice)
  unit.due(endsAt, { kind: 'overdue', objectId: invoice.id })
  await fallBehind(money, { ...invoice, next_payment_attempt: endsAt })
}
