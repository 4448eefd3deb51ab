import type { ObjectOf, Price, SubscriptionItem } from '../state/objects.ts'
import { refuse } from '../wire/refusal.ts'
import type { Presence } from './charge-card.ts'
import { type Collected, collectInvoice } from './collect-invoice.ts'
import { finalizeInvoice, issueInvoice } from './finalize-invoice.ts'
import type { Money } from './money-context.ts'
import { type Interval, isInterval, nextRenewal } from './periods.ts'

const DAY_SECONDS = 86_400
/** A first payment that is not made in 23 hours never will be (Stripe, "Subscription statuses"). */
const INCOMPLETE_SECONDS = 23 * 3600

export type NewSubscription = {
  readonly customer: ObjectOf<'customer'>
  readonly items: readonly { readonly price: Price; readonly quantity: number }[]
  readonly metadata: Readonly<Record<string, string>>
  readonly collectionMethod: 'charge_automatically' | 'send_invoice'
  readonly daysUntilDue: number | null
  readonly defaultPaymentMethod: string | null
  readonly hasAutomaticTax: boolean
  readonly description: string | null
  readonly customFields: readonly { readonly name: string; readonly value: string }[] | null
  readonly footer: string | null
}

/** The wire's next renewal of a subscription: the earliest of its items. */
export function periodEndOf(subscription: ObjectOf<'subscription'>): number {
  return Math.min(...subscription.items.data.map(({ current_period_end: end }) => end))
}

/** Makes a subscription from now on, with its first invoice; where a card is to be charged, charges it. */
export async function startSubscription(
  money: Money,
  input: NewSubscription,
  presence: Presence,
): Promise<{ readonly subscription: ObjectOf<'subscription'>; readonly first: Collected }> {
  const { unit } = money
  const isCharged = input.collectionMethod === 'charge_automatically'
  const blank = subscriptionOf(money, input)
  const draft = await issueInvoice(money, blank, 'subscription_create')
  const started: ObjectOf<'subscription'> = {
    ...blank,
    latest_invoice: draft.id,
    status: isCharged ? 'incomplete' : 'active',
  }
  unit.put('subscription', started)
  unit.tell('customer.subscription.created', started)
  watchPeriod(money, started)
  // An invoice that is sent stays a draft for an hour; one that is charged is charged at once.
  if (!isCharged) return { subscription: started, first: { invoice: draft } }
  const open = await finalizeInvoice(money, draft)
  const first =
    open.status === 'open'
      ? await collectInvoice(money, open, {
          methodId: input.defaultPaymentMethod ?? undefined,
          presence,
          isAutomatic: false,
        })
      : { invoice: open }
  if (first.invoice.status !== 'paid')
    unit.due(unit.now() + INCOMPLETE_SECONDS, { kind: 'subscription', objectId: started.id })
  return { subscription: await unit.need('subscription', started.id), first }
}

/** Looks at the subscription again at its period's end, and tells of it some days before. */
export function watchPeriod({ unit, settings }: Money, subscription: ObjectOf<'subscription'>): void {
  const end = periodEndOf(subscription)
  unit.due(end, { kind: 'subscription', objectId: subscription.id })
  const upcomingAt = end - settings.upcomingDays * DAY_SECONDS
  if (settings.upcomingDays > 0 && upcomingAt > unit.now())
    unit.due(upcomingAt, { kind: 'upcoming', objectId: subscription.id })
}

/** Moves every item to the period that follows now, counted from the anchor. */
export function inNextPeriod(subscription: ObjectOf<'subscription'>, now: number): ObjectOf<'subscription'> {
  const data = subscription.items.data.map((item) => {
    if (item.current_period_end > now) return item
    const { interval, interval_count: every } = recurring(item.price)
    return {
      ...item,
      current_period_start: item.current_period_end,
      current_period_end: nextRenewal(subscription.billing_cycle_anchor, interval, every, item.current_period_end),
    }
  })
  return { ...subscription, items: { ...subscription.items, data } }
}

function recurring(price: Price): { readonly interval: Interval; readonly interval_count: number } {
  const { recurring: found } = price
  if (found === null)
    throw refuse.invalid(
      `The price ${price.id} is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
      { param: 'items' },
    )
  if (!isInterval(found.interval)) throw new Error(`the price ${price.id} recurs by ${found.interval}`)
  return { interval: found.interval, interval_count: found.interval_count }
}

function itemOf({ unit }: Money, subscriptionId: string, price: Price, quantity: number): SubscriptionItem {
  const { interval, interval_count: every } = recurring(price)
  return {
    id: unit.mint('subscription_item'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: unit.now(),
    current_period_start: unit.now(),
    current_period_end: nextRenewal(unit.now(), interval, every, unit.now()),
    current_trial: null,
    discounts: [],
    metadata: {},
    price,
    quantity,
    subscription: subscriptionId,
    tax_rates: [],
  }
}

function subscriptionOf(money: Money, input: NewSubscription): ObjectOf<'subscription'> {
  const { unit } = money
  const subscriptionId = unit.mint('subscription')
  const items = input.items.map(({ price, quantity }) => itemOf(money, subscriptionId, price, quantity))
  return {
    id: subscriptionId,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: input.hasAutomaticTax,
      liability: input.hasAutomaticTax ? { type: 'self' } : null,
    },
    billing_cycle_anchor: unit.now(),
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: input.collectionMethod,
    created: unit.now(),
    currency: input.items[0]?.price.currency ?? 'usd',
    customer: input.customer.id,
    customer_account: null,
    days_until_due: input.daysUntilDue,
    default_payment_method: input.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: input.customFields === null ? null : [...input.customFields],
      description: null,
      footer: input.footer,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: items,
      has_more: false,
      url: `/v1/subscription_items?subscription=${subscriptionId}`,
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: { ...input.metadata },
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: unit.now(),
    status: 'active',
    test_clock: input.customer.test_clock,
    transfer_data: null,
    trial_end: null,
    trial_settings: { end_behavior: { billing_cycle_anchor: 'unchanged', missing_payment_method: 'create_invoice' } },
    trial_start: null,
  }
}
