import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'

/** The payment that an invoice waits for. */
export function createPaymentIntent(
  unit: Unit,
  input: {
    readonly customerId: string
    readonly amount: number
    readonly currency: string
    readonly description: string
  },
): ObjectOf<'payment_intent'> {
  const intentId = unit.mint('payment_intent')
  const intent: ObjectOf<'payment_intent'> = {
    id: intentId,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: input.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${intentId}_${unit.mint('secret')}`,
    confirmation_method: 'automatic',
    created: unit.now(),
    currency: input.currency,
    customer: input.customerId,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
  unit.put('payment_intent', intent)
  unit.tell('payment_intent.created', intent)
  return intent
}

/** The payment will never be made. */
export async function cancelPaymentIntent(
  unit: Unit,
  intentId: string,
  reason: ObjectOf<'payment_intent'>['cancellation_reason'],
): Promise<void> {
  const intent = await unit.need('payment_intent', intentId)
  if (intent.status === 'succeeded' || intent.status === 'canceled') return
  const canceled: ObjectOf<'payment_intent'> = {
    ...intent,
    status: 'canceled',
    canceled_at: unit.now(),
    cancellation_reason: reason,
    next_action: null,
  }
  unit.put('payment_intent', canceled)
  unit.tell('payment_intent.canceled', canceled)
}
