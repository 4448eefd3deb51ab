import type { ObjectOf } from '../state/objects.ts'
import { type ChargeOutcome, chargeCard, type Presence } from './charge-card.ts'
import type { Money } from './money-context.ts'
import { settleInvoice, subscriptionIdOf } from './settle-invoice.ts'
import { endSubscription, updateSubscription } from './subscription-status.ts'

const DAY_SECONDS = 86_400

export type Collected = {
  readonly invoice: ObjectOf<'invoice'>
  /** Absent when there was no card to charge. */
  readonly charge?: ChargeOutcome
}

/** The payment that an open invoice waits for. */
export async function intentOf({ unit }: Money, invoice: ObjectOf<'invoice'>): Promise<ObjectOf<'payment_intent'>> {
  const [payment] = await unit.all('invoice_payment', invoice.id, ({ status }) => status === 'open')
  if (payment === undefined) throw new Error(`the open invoice ${invoice.id} asks for no payment`)
  return unit.need('payment_intent', payment.payment.payment_intent)
}

/** One attempt to be paid by a card: the given one, or the subscription's, or the customer's default. */
export async function collectInvoice(
  money: Money,
  invoice: ObjectOf<'invoice'>,
  attempt: { readonly methodId?: string | undefined; readonly presence: Presence; readonly isAutomatic: boolean },
): Promise<Collected> {
  const { unit } = money
  const methodId = attempt.methodId ?? (await defaultMethodId(money, invoice))
  const method = methodId === undefined ? undefined : await unit.find('payment_method', methodId)
  const isUsable = method !== undefined && method.customer === invoice.customer
  const charge = isUsable ? await chargeCard(unit, await intentOf(money, invoice), method, attempt.presence) : undefined
  const tried: ObjectOf<'invoice'> = { ...invoice, attempted: true, attempt_count: invoice.attempt_count + 1 }
  if (charge?.kind === 'paid') return { invoice: await settleInvoice(money, tried, { isOffStripe: false }), charge }
  if (charge?.kind === 'must_confirm') {
    unit.put('invoice', tried)
    unit.tell('invoice.payment_action_required', tried)
    return { invoice: tried, charge }
  }
  const failed = attempt.isAutomatic ? await scheduleRetry(money, tried) : tried
  unit.put('invoice', failed)
  unit.tell('invoice.updated', failed, invoice)
  unit.tell('invoice.payment_failed', failed)
  if (attempt.isAutomatic) await fallBehind(money, failed)
  return { invoice: failed, ...(charge === undefined ? {} : { charge }) }
}

async function defaultMethodId({ unit }: Money, invoice: ObjectOf<'invoice'>): Promise<string | undefined> {
  const subscriptionId = subscriptionIdOf(invoice)
  const subscription = subscriptionId === undefined ? undefined : await unit.find('subscription', subscriptionId)
  const customer = await unit.find('customer', invoice.customer)
  const fallback = customer?.invoice_settings.default_payment_method
  return (
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    (typeof fallback === 'string' ? fallback : undefined)
  )
}

/** The next try by the Dashboard's schedule, counted from the first; after the last there is none. */
async function scheduleRetry({ unit, settings }: Money, invoice: ObjectOf<'invoice'>): Promise<ObjectOf<'invoice'>> {
  const days = settings.retryAfterDays[invoice.attempt_count - 1]
  const firstAt = invoice.status_transitions.finalized_at ?? unit.now()
  const nextAt = days === undefined || !invoice.auto_advance ? null : firstAt + days * DAY_SECONDS
  if (nextAt !== null) unit.due(nextAt, { kind: 'invoice', objectId: invoice.id })
  return { ...invoice, next_payment_attempt: nextAt }
}

/** The subscription of an unpaid renewal: behind while retries last, then what the Dashboard says. */
export async function fallBehind(money: Money, invoice: ObjectOf<'invoice'>): Promise<void> {
  const subscriptionId = subscriptionIdOf(invoice)
  const subscription = subscriptionId === undefined ? undefined : await money.unit.find('subscription', subscriptionId)
  if (subscription === undefined || !['active', 'past_due'].includes(subscription.status)) return
  if (invoice.next_payment_attempt !== null || money.settings.afterRetries === 'past_due')
    updateSubscription(money, subscription, { ...subscription, status: 'past_due' })
  else if (money.settings.afterRetries === 'canceled') await endSubscription(money, subscription, 'payment_failed')
  else updateSubscription(money, subscription, { ...subscription, status: 'unpaid' })
}
