import type { InvoiceLine, ObjectOf, SubscriptionItem } from '../state/objects.ts'
import type { Money } from './money-context.ts'
import { taxInvoice } from './tax-invoice.ts'

export type Reason = 'subscription_create' | 'subscription_cycle' | 'upcoming'

const NO_TRANSITIONS = { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null }

/** The invoice of one period of a subscription, not yet kept anywhere. */
export async function draftInvoice(
  money: Money,
  subscription: ObjectOf<'subscription'>,
  reason: Reason,
  invoiceId: string,
): Promise<ObjectOf<'invoice'>> {
  const { unit, settings } = money
  const now = unit.now()
  const customer = await unit.need('customer', subscription.customer)
  const lines = await Promise.all(subscription.items.data.map((item) => lineOf(money, invoiceId, subscription, item)))
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
  const parent: ObjectOf<'invoice'>['parent'] = {
    quote_details: null,
    subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
    type: 'subscription_details',
  }
  const untaxed: ObjectOf<'invoice'> = {
    ...BLANK_INVOICE,
    id: invoiceId,
    account_name: settings.sellerName,
    amount_due: subtotal,
    amount_remaining: subtotal,
    automatic_tax: {
      disabled_reason: null,
      enabled: subscription.automatic_tax.enabled,
      liability: subscription.automatic_tax.enabled ? { type: 'self' } : null,
      provider: subscription.automatic_tax.enabled ? 'stripe' : null,
      status: null,
    },
    billing_reason: reason,
    collection_method: subscription.collection_method,
    created: now,
    currency: subscription.currency,
    custom_fields: subscription.invoice_settings.custom_fields ?? customer.invoice_settings.custom_fields,
    customer: customer.id,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: (await unit.all('tax_id', customer.id)).map(({ type, value }) => ({ type, value })),
    default_payment_method: null,
    due_date: null,
    footer: subscription.invoice_settings.footer ?? customer.invoice_settings.footer,
    description: subscription.invoice_settings.description,
    lines: { object: 'list', data: lines, has_more: false, url: `/v1/invoices/${invoiceId}/lines` },
    parent,
    period_end: now,
    period_start: now,
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: customer.test_clock,
    total: subtotal,
    total_excluding_tax: subtotal,
    total_taxes: [],
  }
  return taxInvoice(money, untaxed, customer)
}

async function lineOf(
  { unit }: Money,
  invoiceId: string,
  subscription: ObjectOf<'subscription'>,
  item: SubscriptionItem,
): Promise<InvoiceLine> {
  const product = await unit.need('product', item.price.product)
  const quantity = item.quantity ?? 1
  const amount = (item.price.unit_amount ?? 0) * quantity
  return {
    id: unit.mint('line_item'),
    object: 'line_item',
    amount,
    currency: item.price.currency,
    description: `${quantity} × ${product.name}`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: invoiceId,
    livemode: false,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: { start: item.current_period_start, end: item.current_period_end },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: item.price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    subtotal: amount,
    taxes: [],
  }
}

/** What an invoice of ours never says anything about. */
const BLANK_INVOICE = {
  object: 'invoice',
  account_country: 'US',
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_paid_off_stripe: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  auto_advance: true,
  automatically_finalizes_at: null,
  confirmation_secret: null,
  customer_account: null,
  customer_shipping: null,
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  effective_at: null,
  ending_balance: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  metadata: {},
  next_payment_attempt: null,
  number: null,
  on_behalf_of: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status: 'draft',
  status_transitions: NO_TRANSITIONS,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  webhooks_delivered_at: null,
} satisfies Partial<ObjectOf<'invoice'>>
