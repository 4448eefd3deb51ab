import * as z from 'zod'
import type { ObjectOf, Price } from '../state/objects.ts'
import { listOf } from '../wire/list-answer.ts'
import type { Money } from './money-context.ts'

export type NewSession = SessionFacts & {
  readonly customer: ObjectOf<'customer'>
  readonly items: readonly { readonly price: Price; readonly quantity: number }[]
  readonly expiresAt: number
  readonly cancelUrl: string | null
  readonly successUrl: string
  readonly clientReferenceId: string | null
  readonly isAddressRequired: boolean
  readonly metadata: Record<string, string>
  readonly submitText: string | null
}

/** What a session knows and does not show. */
export const SessionFacts = z.object({
  hasTaxIdCollection: z.boolean(),
  hasAutomaticTax: z.boolean(),
  updatesAddress: z.boolean(),
  updatesName: z.boolean(),
  subscriptionMetadata: z.record(z.string(), z.string()),
  description: z.string().nullable(),
  footer: z.string().nullable(),
})
export type SessionFacts = z.infer<typeof SessionFacts>

export const LineItems = z.object({
  data: z.array(z.object({ price: z.object({ id: z.string() }), quantity: z.number(), description: z.string() })),
})

/** Opens a Checkout Session with its hosted page. */
export async function newSession(money: Money, input: NewSession): Promise<ObjectOf<'checkout.session'>> {
  const { unit } = money
  const sessionId = unit.mint('checkout.session')
  const total = input.items.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * quantity, 0)
  const lines = await Promise.all(input.items.map(({ price, quantity }) => lineItem(money, price, quantity)))
  const session: ObjectOf<'checkout.session'> = {
    ...BLANK_SESSION,
    id: sessionId,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: {
      enabled: input.hasAutomaticTax,
      liability: input.hasAutomaticTax ? { type: 'self' } : null,
      provider: input.hasAutomaticTax ? 'stripe' : null,
      status: input.hasAutomaticTax ? 'requires_location_inputs' : null,
    },
    billing_address_collection: input.isAddressRequired ? 'required' : 'auto',
    cancel_url: input.cancelUrl,
    client_reference_id: input.clientReferenceId,
    created: unit.now(),
    currency: input.items[0]?.price.currency ?? 'usd',
    customer: input.customer.id,
    customer_details: {
      address: null,
      business_name: null,
      email: input.customer.email,
      individual_name: null,
      name: null,
      phone: null,
      tax_exempt: input.customer.tax_exempt ?? 'none',
      tax_ids: null,
    },
    custom_text: {
      ...BLANK_SESSION.custom_text,
      submit: input.submitText === null ? null : { message: input.submitText },
    },
    expires_at: input.expiresAt,
    metadata: input.metadata,
    success_url: input.successUrl,
    tax_id_collection: { enabled: input.hasTaxIdCollection, required: 'never' },
    url: `${money.baseUrl}/c/pay/${sessionId}`,
  }
  unit.put('checkout.session', session)
  unit.putNote('session', sessionId, SessionFacts.parse(input))
  unit.putNote('line-items', sessionId, listOf(lines, `/v1/checkout/sessions/${sessionId}/line_items`))
  unit.due(input.expiresAt, { kind: 'checkout.session', objectId: sessionId })
  return session
}

async function lineItem({ unit }: Money, price: Price, quantity: number) {
  const product = await unit.need('product', price.product)
  const amount = (price.unit_amount ?? 0) * quantity
  return {
    id: unit.mint('line_item').replace('il_', 'li_'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: product.name,
    metadata: {},
    price,
    quantity,
  }
}

const BLANK_SESSION = {
  object: 'checkout.session',
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer_account: null,
  customer_creation: null,
  customer_email: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  locale: null,
  managed_payments: { enabled: false },
  mode: 'subscription',
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_collection: 'always',
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: {
    allow_redisplay_filters: ['always'],
    payment_method_remove: 'disabled',
    payment_method_save: null,
  },
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  submit_type: null,
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<ObjectOf<'checkout.session'>>
