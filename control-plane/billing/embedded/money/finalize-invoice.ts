import type { ObjectOf } from '../state/objects.ts'
import { refuse } from '../wire/refusal.ts'
import { draftInvoice, type Reason } from './draft-invoice.ts'
import type { Money } from './money-context.ts'
import { createPaymentIntent } from './payment-intent.ts'
import { settleInvoice } from './settle-invoice.ts'
import { taxInvoice } from './tax-invoice.ts'

/** A draft of a renewal stays open to changes for about an hour (Stripe, "Invoice lifecycle"). */
const DRAFT_SECONDS = 3600
const DAY_SECONDS = 86_400

/** Keeps the invoice of a subscription's current period as a draft that finalizes itself in an hour, and makes it the latest. */
export async function issueInvoice(
  money: Money,
  subscription: ObjectOf<'subscription'>,
  reason: Reason,
  isAdvancing = true,
): Promise<ObjectOf<'invoice'>> {
  const { unit } = money
  const made = await draftInvoice(money, subscription, reason, unit.mint('invoice'))
  const finalizesAt = unit.now() + DRAFT_SECONDS
  const draft: ObjectOf<'invoice'> = {
    ...made,
    auto_advance: isAdvancing,
    automatically_finalizes_at: isAdvancing ? finalizesAt : null,
  }
  unit.put('invoice', draft)
  if (isAdvancing) unit.due(finalizesAt, { kind: 'invoice', objectId: draft.id })
  unit.tell('invoice.created', draft)
  return draft
}

/** A draft becomes open and asks for its money; with nothing to pay it is paid. A draft whose tax cannot be told stays a draft. */
export async function finalizeInvoice(money: Money, draft: ObjectOf<'invoice'>): Promise<ObjectOf<'invoice'>> {
  const { unit } = money
  if (draft.status !== 'draft')
    throw refuse.invalid('This invoice is already finalized, you can’t re-finalize a non-draft invoice.', {
      code: 'invoice_not_editable',
    })
  const invoice = await taxInvoice(money, draft, await unit.need('customer', draft.customer))
  if (invoice.automatic_tax.status === 'requires_location_inputs') return failFinalization(money, invoice)
  const now = unit.now()
  const number = await nextNumber(money, invoice.customer)
  const intent =
    invoice.total > 0
      ? createPaymentIntent(unit, {
          customerId: invoice.customer,
          amount: invoice.total,
          currency: invoice.currency,
          description: `Payment for invoice ${number}`,
        })
      : undefined
  const open: ObjectOf<'invoice'> = {
    ...invoice,
    status: 'open',
    number,
    automatically_finalizes_at: null,
    effective_at: now,
    due_date: await dueDate(money, invoice),
    hosted_invoice_url: `${money.baseUrl}/i/${invoice.id}`,
    invoice_pdf: `${money.baseUrl}/i/${invoice.id}/pdf`,
    next_payment_attempt: invoice.collection_method === 'charge_automatically' && invoice.auto_advance ? now : null,
    last_finalization_error: null,
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
  }
  unit.put('invoice', open)
  if (intent !== undefined) askFor(money, open, intent.id)
  unit.tell('invoice.finalized', open)
  if (open.due_date !== null) unit.due(open.due_date, { kind: 'overdue', objectId: open.id })
  return intent === undefined ? settleInvoice(money, open, { isOffStripe: false }) : open
}

function askFor({ unit }: Money, invoice: ObjectOf<'invoice'>, intentId: string): void {
  unit.put('invoice_payment', {
    id: unit.mint('invoice_payment'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.total,
    created: unit.now(),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intentId },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  })
}

function failFinalization({ unit }: Money, invoice: ObjectOf<'invoice'>): ObjectOf<'invoice'> {
  const failed: ObjectOf<'invoice'> = {
    ...invoice,
    automatically_finalizes_at: null,
    last_finalization_error: {
      code: 'customer_tax_location_invalid',
      doc_url: 'https://stripe.com/docs/error-codes/customer-tax-location-invalid',
      message: 'The customer’s location isn’t recognized. Set a valid customer address to calculate tax automatically.',
      type: 'invalid_request_error',
    },
  }
  unit.put('invoice', failed)
  unit.tell('invoice.finalization_failed', failed)
  return failed
}

async function dueDate({ unit }: Money, invoice: ObjectOf<'invoice'>): Promise<number | null> {
  if (invoice.collection_method !== 'send_invoice') return null
  const subscriptionId = invoice.parent?.subscription_details?.subscription
  const subscription = subscriptionId === undefined ? undefined : await unit.find('subscription', subscriptionId)
  return unit.now() + (subscription?.days_until_due ?? 30) * DAY_SECONDS
}

/** Numbers count by customer: PREFIX-0001 (Stripe's default numbering). */
async function nextNumber({ unit }: Money, customerId: string): Promise<string> {
  const customer = await unit.need('customer', customerId)
  const sequence = customer.next_invoice_sequence ?? 1
  unit.put('customer', { ...customer, next_invoice_sequence: sequence + 1 })
  return `${customer.invoice_prefix ?? 'INV'}-${String(sequence).padStart(4, '0')}`
}
