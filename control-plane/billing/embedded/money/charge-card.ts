import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { openDispute } from './disputes.ts'
import { conductOf, isPast } from './payment-method.ts'
import { type CardConduct, type Decline, declineOf } from './test-cards.ts'

/** Whether the buyer is there: he can confirm with his bank, or has just done so. */
export type Presence = 'absent' | 'present' | 'confirmed'

export type ChargeOutcome =
  | { readonly kind: 'paid'; readonly intent: ObjectOf<'payment_intent'> }
  | { readonly kind: 'declined'; readonly intent: ObjectOf<'payment_intent'>; readonly decline: Decline }
  | { readonly kind: 'must_confirm'; readonly intent: ObjectOf<'payment_intent'> }

/** One attempt at a payment intent with a card. */
export async function chargeCard(
  unit: Unit,
  intent: ObjectOf<'payment_intent'>,
  method: ObjectOf<'payment_method'>,
  presence: Presence,
): Promise<ChargeOutcome> {
  const conduct = await conductOf(unit, method.id)
  const reason = await foresee(unit, method, presence)
  if (reason === 'must_confirm') {
    const waiting: ObjectOf<'payment_intent'> = { ...intent, status: 'requires_action', payment_method: method.id }
    unit.put('payment_intent', waiting)
    unit.tell('payment_intent.requires_action', waiting)
    return { kind: 'must_confirm', intent: waiting }
  }
  if (reason !== undefined) return decline(unit, intent, method, declineOf(reason))
  return pay(unit, intent, method, conduct)
}

/** What a charge would meet: nothing, a decline's reason, or `must_confirm`. */
export async function foresee(
  unit: Unit,
  method: ObjectOf<'payment_method'>,
  presence: Presence,
): Promise<string | undefined> {
  const conduct = await conductOf(unit, method.id)
  if (method.card !== undefined && isPast(method.card, unit.now())) return 'expired_card'
  if (conduct.authenticates !== undefined && presence === 'present') return 'must_confirm'
  if (conduct.authenticates === 'always' && presence === 'absent') return 'authentication_required'
  // The first payment of a card that "attaches and then fails" goes through while its holder enters it.
  return presence === 'absent' ? conduct.charge : conduct.attach
}

function decline(
  unit: Unit,
  intent: ObjectOf<'payment_intent'>,
  method: ObjectOf<'payment_method'>,
  why: Decline,
): ChargeOutcome {
  const charge: ObjectOf<'charge'> = {
    ...chargeOf(unit, intent, method),
    failure_code: why.code,
    failure_message: why.text,
    paid: false,
    captured: false,
    amount_captured: 0,
    status: 'failed',
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'declined_by_network',
      reason: why.declineCode,
      risk_level: 'normal',
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    },
  }
  const failed: ObjectOf<'payment_intent'> = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    latest_charge: charge.id,
    last_payment_error: cardError(why, { charge: charge.id, payment_method: method }),
  }
  unit.put('charge', charge)
  unit.put('payment_intent', failed)
  unit.tell('charge.failed', charge)
  unit.tell('payment_intent.payment_failed', failed)
  return { kind: 'declined', intent: failed, decline: why }
}

/** A decline as the API tells it (stripe.com/docs/api/errors). */
export function cardError(
  why: Decline,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    code: why.code,
    decline_code: why.declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${why.code.replaceAll('_', '-')}`,
    message: why.text,
    type: 'card_error',
    ...more,
  }
}

async function pay(
  unit: Unit,
  intent: ObjectOf<'payment_intent'>,
  method: ObjectOf<'payment_method'>,
  conduct: CardConduct,
): Promise<ChargeOutcome> {
  const charge = chargeOf(unit, intent, method)
  const paid: ObjectOf<'payment_intent'> = {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    payment_method: method.id,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
  }
  unit.put('charge', charge)
  unit.put('payment_intent', paid)
  if (conduct.refund !== undefined) unit.putNote('refund', charge.id, conduct.refund)
  unit.tell('charge.succeeded', charge)
  unit.tell('payment_intent.succeeded', paid)
  if (conduct.isDisputed === true) openDispute(unit, charge, { reason: 'fraudulent', amount: charge.amount })
  return { kind: 'paid', intent: paid }
}

function chargeOf(
  unit: Unit,
  intent: ObjectOf<'payment_intent'>,
  method: ObjectOf<'payment_method'>,
): ObjectOf<'charge'> {
  return {
    id: unit.mint('charge'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: null,
    captured: true,
    created: unit.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: true,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'succeeded',
    transfer_data: null,
    transfer_group: null,
  }
}
