import * as z from 'zod'
import { refundCharge } from '../money/refunds.ts'
import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { mergedMetadata, metadata, paging, text, whole } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

export const payments = [
  route(
    'GET',
    '/v1/payment_intents',
    { ...paging, customer: text.exactOptional() },
    ({ unit }, { customer, ...page }) => listAnswer(unit, 'payment_intent', page, customer),
  ),
  route('GET', '/v1/payment_intents/:id', {}, ({ unit }, _input, pathId) => unit.need('payment_intent', pathId)),
  route(
    'GET',
    '/v1/charges',
    { ...paging, customer: text.exactOptional(), payment_intent: text.exactOptional() },
    ({ unit }, { customer, payment_intent: intent, ...page }) =>
      listAnswer(unit, 'charge', page, customer, (one) => intent === undefined || one.payment_intent === intent),
  ),
  route('GET', '/v1/charges/:id', {}, ({ unit }, _input, pathId) => unit.need('charge', pathId)),
  route(
    'POST',
    '/v1/refunds',
    {
      amount: whole.exactOptional(),
      charge: text.exactOptional(),
      payment_intent: text.exactOptional(),
      reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).exactOptional(),
      metadata,
    },
    async ({ unit }, input) => {
      const charge = await chargeToRefund(unit, input)
      const customer = await unit.find('customer', charge.customer)
      await unit.useTestClock(customer?.test_clock)
      return refundCharge(unit, {
        charge,
        amount: input.amount,
        reason: input.reason ?? null,
        metadata: mergedMetadata(null, input.metadata),
      })
    },
  ),
  route(
    'GET',
    '/v1/refunds',
    { ...paging, charge: text.exactOptional(), payment_intent: text.exactOptional() },
    ({ unit }, { charge, payment_intent: intent, ...page }) =>
      listAnswer(
        unit,
        'refund',
        page,
        undefined,
        (one) =>
          (charge === undefined || one.charge === charge) && (intent === undefined || one.payment_intent === intent),
      ),
  ),
  route('GET', '/v1/refunds/:id', {}, ({ unit }, _input, pathId) => unit.need('refund', pathId)),
  route(
    'GET',
    '/v1/disputes',
    { ...paging, charge: text.exactOptional(), payment_intent: text.exactOptional() },
    ({ unit }, { charge, payment_intent: intent, ...page }) =>
      listAnswer(
        unit,
        'dispute',
        page,
        undefined,
        (one) =>
          (charge === undefined || one.charge === charge) && (intent === undefined || one.payment_intent === intent),
      ),
  ),
  route('GET', '/v1/disputes/:id', {}, ({ unit }, _input, pathId) => unit.need('dispute', pathId)),
]

async function chargeToRefund(
  unit: Unit,
  input: { readonly charge?: string; readonly payment_intent?: string },
): Promise<ObjectOf<'charge'>> {
  if (input.charge !== undefined) return unit.need('charge', input.charge, 'charge')
  if (input.payment_intent === undefined)
    throw refuse.invalid('One of the following params should be provided for this request: payment_intent or charge.')
  const intent = await unit.need('payment_intent', input.payment_intent, 'payment_intent')
  if (intent.latest_charge === null || intent.status !== 'succeeded')
    throw refuse.invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
    })
  return unit.need('charge', intent.latest_charge)
}
