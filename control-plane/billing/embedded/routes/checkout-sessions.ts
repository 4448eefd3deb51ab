import * as z from 'zod'
import { expireSession } from '../money/expire-session.ts'
import { newSession } from '../money/new-session.ts'
import type { ObjectOf } from '../state/objects.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { flag, mergedMetadata, metadata, paging, text, whole } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

/** Stripe's own bounds, and what a session has without `expires_at`. */
const LIFE_SECONDS = { min: 30 * 60, max: 24 * 3600 }

const auto = z.enum(['auto', 'never'])
const customText = z.strictObject({ message: text })

const shape = {
  mode: z.literal('subscription'),
  customer: text,
  line_items: z.array(z.strictObject({ price: text, quantity: whole.exactOptional() })).min(1),
  success_url: text,
  cancel_url: text.exactOptional(),
  client_reference_id: text.exactOptional(),
  expires_at: whole.exactOptional(),
  automatic_tax: z.strictObject({ enabled: flag }).exactOptional(),
  billing_address_collection: z.enum(['auto', 'required']).exactOptional(),
  tax_id_collection: z
    .strictObject({ enabled: flag, required: z.enum(['if_supported', 'never']).exactOptional() })
    .exactOptional(),
  customer_update: z.strictObject({ address: auto, name: auto, shipping: auto }).partial().exactOptional(),
  subscription_data: z
    .strictObject({
      metadata,
      description: text.exactOptional(),
      invoice_settings: z.strictObject({ footer: text.exactOptional() }).exactOptional(),
    })
    .exactOptional(),
  custom_text: z
    .strictObject({ submit: customText, after_submit: customText, terms_of_service_acceptance: customText })
    .partial()
    .exactOptional(),
  locale: text.exactOptional(),
  payment_method_collection: z.enum(['always', 'if_required']).exactOptional(),
  allow_promotion_codes: flag.exactOptional(),
  ui_mode: z.literal('hosted_page').exactOptional(),
  metadata,
}

export const checkoutSessions = [
  route('POST', '/v1/checkout/sessions', shape, async (money, input) => {
    const { unit } = money
    const customer = await unit.need('customer', input.customer, 'customer')
    await unit.useTestClock(customer.test_clock)
    const life = (input.expires_at ?? unit.now() + LIFE_SECONDS.max) - unit.now()
    if (life < LIFE_SECONDS.min || life > LIFE_SECONDS.max)
      throw refuse.invalid(
        'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
        { param: 'expires_at' },
      )
    if (input.tax_id_collection?.enabled === true && input.customer_update?.name !== 'auto')
      throw refuse.invalid(
        'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      )
    if (input.automatic_tax?.enabled === true && customer.address === null && input.customer_update?.address !== 'auto')
      throw refuse.invalid(
        "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto'.",
        { code: 'customer_tax_location_invalid' },
      )
    const items = await Promise.all(
      input.line_items.map(async ({ price, quantity = 1 }) => ({
        price: await unit.need('price', price, 'line_items[0][price]'),
        quantity,
      })),
    )
    return newSession(money, {
      customer,
      items,
      expiresAt: unit.now() + life,
      successUrl: input.success_url,
      cancelUrl: input.cancel_url ?? null,
      clientReferenceId: input.client_reference_id ?? null,
      isAddressRequired: input.billing_address_collection === 'required' || input.automatic_tax?.enabled === true,
      hasTaxIdCollection: input.tax_id_collection?.enabled ?? false,
      hasAutomaticTax: input.automatic_tax?.enabled ?? false,
      updatesAddress: input.customer_update?.address === 'auto',
      updatesName: input.customer_update?.name === 'auto',
      metadata: mergedMetadata(null, input.metadata),
      subscriptionMetadata: mergedMetadata(null, input.subscription_data?.metadata),
      description: input.subscription_data?.description ?? null,
      footer: input.subscription_data?.invoice_settings?.footer ?? null,
      submitText: input.custom_text?.submit?.message ?? null,
    })
  }),
  route(
    'GET',
    '/v1/checkout/sessions',
    {
      ...paging,
      customer: text.exactOptional(),
      subscription: text.exactOptional(),
      payment_intent: text.exactOptional(),
      status: z.enum(['open', 'complete', 'expired']).exactOptional(),
    },
    ({ unit }, { customer, subscription, status, payment_intent: intent, ...page }) =>
      listAnswer(unit, 'checkout.session', page, customer, (one) =>
        [
          subscription === undefined || one.subscription === subscription,
          status === undefined || one.status === status,
          intent === undefined || one.payment_intent === intent,
        ].every(Boolean),
      ),
  ),
  route('GET', '/v1/checkout/sessions/:id', {}, ({ unit }, _input, pathId) => unit.need('checkout.session', pathId)),
  route('GET', '/v1/checkout/sessions/:id/line_items', { ...paging }, async ({ unit }, _input, pathId) => {
    await unit.need('checkout.session', pathId)
    return Object(await unit.note('line-items', pathId))
  }),
  route('POST', '/v1/checkout/sessions/:id/expire', {}, async (money, _input, pathId) => {
    const session: ObjectOf<'checkout.session'> = await money.unit.need('checkout.session', pathId)
    if (session.status !== 'open')
      throw refuse.invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
      )
    return expireSession(money, session)
  }),
]
