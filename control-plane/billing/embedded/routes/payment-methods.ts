import * as z from 'zod'
import { cardError } from '../money/charge-card.ts'
import { attachPaymentMethod, createPaymentMethod, readCard } from '../money/payment-method.ts'
import { TEST_CARDS } from '../money/test-cards.ts'
import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { paging, text, whole } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

const listed = { ...paging, type: z.literal('card').exactOptional() }

export const paymentMethods = [
  route(
    'POST',
    '/v1/payment_methods',
    {
      type: z.literal('card'),
      card: z.union([
        z.strictObject({ token: text }),
        z.strictObject({ number: text, exp_month: whole, exp_year: whole, cvc: text.exactOptional() }),
      ]),
    },
    async ({ unit }, { card }) => {
      if ('token' in card) return ofToken(unit, card.token.replace(/^tok_/, ''), 'card[token]')
      const entry = readCard({ number: card.number, expMonth: card.exp_month, expYear: card.exp_year }, unit.now())
      return 'card' in entry ? createPaymentMethod(unit, entry) : { status: 402, body: { error: cardError(entry) } }
    },
  ),
  route(
    'GET',
    '/v1/payment_methods',
    { ...listed, customer: text.exactOptional() },
    ({ unit }, { customer, type: _type, ...page }) => listAnswer(unit, 'payment_method', page, customer ?? 'none'),
  ),
  route('GET', '/v1/customers/:id/payment_methods', listed, async ({ unit }, { type: _type, ...page }, pathId) => {
    await unit.need('customer', pathId)
    const list = await listAnswer(unit, 'payment_method', page, pathId)
    return { ...list, url: `/v1/customers/${pathId}/payment_methods` }
  }),
  route('GET', '/v1/payment_methods/:id', {}, ({ unit }, _input, pathId) => unit.need('payment_method', pathId)),
  route('POST', '/v1/payment_methods/:id/attach', { customer: text }, async ({ unit }, { customer }, pathId) => {
    const owner = await unit.need('customer', customer, 'customer')
    await unit.useTestClock(owner.test_clock)
    const name = pathId.replace(/^pm_card_/, '')
    const method =
      name === pathId ? await unit.need('payment_method', pathId) : await ofToken(unit, name, 'payment_method')
    if (method.customer !== null && method.customer !== customer)
      throw refuse.invalid('The payment method you provided has already been attached to a customer.', {
        code: 'payment_method_unexpected_state',
      })
    return attachPaymentMethod(unit, method, customer)
  }),
  route('POST', '/v1/payment_methods/:id/detach', {}, async ({ unit }, _input, pathId) => {
    const method = await unit.need('payment_method', pathId)
    const detached = { ...method, customer: null }
    unit.put('payment_method', detached)
    unit.tell('payment_method.detached', detached, method)
    return detached
  }),
]

/** Stripe's ready-made test cards: `tok_visa`, `pm_card_chargeCustomerFail`. They last for three years. */
async function ofToken(unit: Unit, token: string, param: string): Promise<ObjectOf<'payment_method'>> {
  const card = TEST_CARDS.find((one) => one.token === token)
  if (card === undefined) throw refuse.missing('payment_method', token, param)
  return createPaymentMethod(unit, { card, expMonth: 12, expYear: new Date(unit.now() * 1000).getUTCFullYear() + 3 })
}
