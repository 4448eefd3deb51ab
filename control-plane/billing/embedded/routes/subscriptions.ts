import * as z from 'zod'
import { cardError } from '../money/charge-card.ts'
import { endingOf, NO_CANCELLATION } from '../money/ending.ts'
import { startSubscription } from '../money/start-subscription.ts'
import { endSubscription, updateSubscription } from '../money/subscription-status.ts'
import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { flag, mergedMetadata, metadata, paging, text, whole } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

type Subscription = ObjectOf<'subscription'>

const customField = z.strictObject({ name: text, value: text })
const invoiceSettings = z.strictObject({
  custom_fields: z.union([z.literal(''), z.array(customField)]).exactOptional(),
  description: text.exactOptional(),
  footer: text.exactOptional(),
})
const cancellation = z.strictObject({ comment: text.exactOptional(), feedback: text.exactOptional() })

export const subscriptions = [
  route(
    'POST',
    '/v1/subscriptions',
    {
      customer: text,
      items: z.array(z.strictObject({ price: text, quantity: whole.exactOptional() })).min(1),
      automatic_tax: z.strictObject({ enabled: flag }).exactOptional(),
      collection_method: z.enum(['charge_automatically', 'send_invoice']).exactOptional(),
      days_until_due: whole.exactOptional(),
      default_payment_method: text.exactOptional(),
      description: text.exactOptional(),
      invoice_settings: invoiceSettings.exactOptional(),
      payment_behavior: z.enum(['allow_incomplete', 'error_if_incomplete', 'default_incomplete']).exactOptional(),
      off_session: flag.exactOptional(),
      metadata,
    },
    async (money, input) => {
      const { unit } = money
      const customer = await unit.need('customer', input.customer, 'customer')
      await unit.useTestClock(customer.test_clock)
      const isSent = input.collection_method === 'send_invoice'
      if (isSent && input.days_until_due === undefined)
        throw refuse.invalid('days_until_due must be passed when collection_method is send_invoice.', {
          param: 'days_until_due',
        })
      const fallback = customer.invoice_settings.default_payment_method
      if (!isSent && input.default_payment_method === undefined && fallback === null)
        throw refuse.invalid(
          'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
          { code: 'resource_missing' },
        )
      const fields = input.invoice_settings?.custom_fields
      const { subscription, first } = await startSubscription(
        money,
        {
          customer,
          items: await Promise.all(
            input.items.map(async ({ price, quantity = 1 }) => ({
              price: await unit.need('price', price, 'items[0][price]'),
              quantity,
            })),
          ),
          metadata: mergedMetadata(null, input.metadata),
          collectionMethod: isSent ? 'send_invoice' : 'charge_automatically',
          daysUntilDue: isSent ? (input.days_until_due ?? null) : null,
          defaultPaymentMethod: input.default_payment_method ?? null,
          hasAutomaticTax: input.automatic_tax?.enabled ?? false,
          description: input.description ?? null,
          customFields: fields === undefined || fields === '' ? null : fields,
          footer: input.invoice_settings?.footer ?? null,
        },
        'absent',
      )
      if (first.charge?.kind === 'declined' && input.payment_behavior === 'error_if_incomplete')
        return { status: 402, body: { error: cardError(first.charge.decline) } }
      return subscription
    },
  ),
  route(
    'GET',
    '/v1/subscriptions',
    {
      ...paging,
      customer: text.exactOptional(),
      price: text.exactOptional(),
      collection_method: text.exactOptional(),
      status: text.exactOptional(),
      test_clock: text.exactOptional(),
    },
    ({ unit }, { customer, price, collection_method: method, status, test_clock: testClock, ...page }) =>
      listAnswer(unit, 'subscription', page, customer, (one) =>
        [
          isOfStatus(one, status),
          price === undefined || one.items.data.some((item) => item.price.id === price),
          method === undefined || one.collection_method === method,
          testClock === undefined || one.test_clock === testClock,
        ].every(Boolean),
      ),
  ),
  route('GET', '/v1/subscriptions/:id', {}, ({ unit }, _input, pathId) => unit.need('subscription', pathId)),
  route(
    'POST',
    '/v1/subscriptions/:id',
    {
      cancel_at: z.union([z.literal(''), whole]).exactOptional(),
      cancel_at_period_end: flag.exactOptional(),
      cancellation_details: cancellation.exactOptional(),
      collection_method: z.enum(['charge_automatically', 'send_invoice']).exactOptional(),
      days_until_due: whole.exactOptional(),
      default_payment_method: text.exactOptional(),
      description: text.exactOptional(),
      automatic_tax: z.strictObject({ enabled: flag }).exactOptional(),
      metadata,
    },
    async (money, input, pathId) => {
      const before = await alive(money.unit, pathId)
      const {
        cancel_at: endsAt,
        cancel_at_period_end: isEnding,
        cancellation_details: details,
        metadata: given,
        automatic_tax: tax,
        ...changes
      } = input
      return updateSubscription(money, before, {
        ...before,
        ...changes,
        ...(tax === undefined ? {} : { automatic_tax: { ...before.automatic_tax, enabled: tax.enabled } }),
        metadata: mergedMetadata(before.metadata, given),
        ...(isEnding === undefined ? {} : endingOf(money.unit, before, isEnding)),
        ...(endsAt === undefined ? {} : { cancel_at: endsAt === '' ? null : endsAt }),
        ...(details === undefined
          ? {}
          : { cancellation_details: { ...NO_CANCELLATION, ...before.cancellation_details, ...details } }),
      })
    },
  ),
  route(
    'DELETE',
    '/v1/subscriptions/:id',
    {
      cancellation_details: cancellation.exactOptional(),
      invoice_now: flag.exactOptional(),
      prorate: flag.exactOptional(),
    },
    async (money, { cancellation_details: details }, pathId) => {
      const subscription = await alive(money.unit, pathId)
      return endSubscription(
        money,
        {
          ...subscription,
          cancellation_details: { ...NO_CANCELLATION, ...subscription.cancellation_details, ...details },
        },
        'cancellation_requested',
      )
    },
  ),
]

async function alive(unit: Unit, subscriptionId: string): Promise<Subscription> {
  const subscription = await unit.need('subscription', subscriptionId)
  await unit.useTestClock(subscription.test_clock)
  if (subscription.ended_at !== null)
    throw refuse.invalid('A canceled subscription can only update its cancellation_details and metadata.', {
      code: 'resource_missing',
    })
  return subscription
}

/** Without a status the canceled ones are left out. */
function isOfStatus(subscription: Subscription, status: string | undefined): boolean {
  if (status === 'all') return true
  if (status === 'ended') return subscription.ended_at !== null
  return status === undefined ? subscription.status !== 'canceled' : subscription.status === status
}
