import * as z from 'zod'
import { endSubscription } from '../money/subscription-status.ts'
import { createTaxId } from '../money/tax-ids.ts'
import type { ObjectOf } from '../state/objects.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { address, mergedMetadata, metadata, paging, text } from '../wire/params.ts'
import { route } from '../wire/route.ts'

const customField = z.strictObject({ name: text, value: text })
const shown = {
  address: z.union([z.literal(''), address]).exactOptional(),
  description: text.exactOptional(),
  email: text.exactOptional(),
  name: text.exactOptional(),
  phone: text.exactOptional(),
  preferred_locales: z.array(text).exactOptional(),
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).exactOptional(),
  invoice_settings: z
    .strictObject({
      default_payment_method: text.exactOptional(),
      footer: text.exactOptional(),
      custom_fields: z.union([z.literal(''), z.array(customField)]).exactOptional(),
    })
    .exactOptional(),
  metadata,
}
type Shown = z.infer<z.ZodObject<typeof shown>>

const NOT_EMPTY = (value: string | undefined, before: string | null | undefined) =>
  value === undefined ? (before ?? null) : value === '' ? null : value

const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

function changed(before: ObjectOf<'customer'>, input: Shown): ObjectOf<'customer'> {
  const { invoice_settings: settings, address: given } = input
  const fields = settings?.custom_fields
  return {
    ...before,
    address:
      given === undefined
        ? (before.address ?? null)
        : given === ''
          ? null
          : { ...NO_ADDRESS, ...before.address, ...given },
    description: NOT_EMPTY(input.description, before.description),
    email: NOT_EMPTY(input.email, before.email),
    name: NOT_EMPTY(input.name, before.name),
    phone: NOT_EMPTY(input.phone, before.phone),
    preferred_locales: input.preferred_locales ?? before.preferred_locales ?? [],
    tax_exempt: input.tax_exempt ?? before.tax_exempt ?? 'none',
    invoice_settings: {
      ...before.invoice_settings,
      default_payment_method:
        settings?.default_payment_method === undefined
          ? before.invoice_settings.default_payment_method
          : NOT_EMPTY(settings.default_payment_method, null),
      footer: NOT_EMPTY(settings?.footer, before.invoice_settings.footer),
      custom_fields: fields === undefined ? before.invoice_settings.custom_fields : fields === '' ? null : fields,
    },
    metadata: mergedMetadata(before.metadata, input.metadata),
  }
}

export const customers = [
  route(
    'POST',
    '/v1/customers',
    {
      ...shown,
      test_clock: text.exactOptional(),
      payment_method: text.exactOptional(),
      tax_id_data: z.array(z.strictObject({ type: text, value: text })).exactOptional(),
    },
    async ({ unit }, input) => {
      await unit.useTestClock(input.test_clock)
      const customerId = unit.mint('customer')
      const blank: ObjectOf<'customer'> = {
        id: customerId,
        object: 'customer',
        address: null,
        balance: 0,
        created: unit.now(),
        currency: null,
        customer_account: null,
        default_source: null,
        delinquent: false,
        description: null,
        discount: null,
        email: null,
        invoice_prefix: customerId.slice(-8).toUpperCase(),
        invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
        livemode: false,
        metadata: {},
        name: null,
        next_invoice_sequence: 1,
        phone: null,
        preferred_locales: [],
        shipping: null,
        tax_exempt: 'none',
        test_clock: input.test_clock ?? null,
      }
      const customer = changed(blank, input)
      unit.put('customer', customer)
      unit.tell('customer.created', customer)
      for (const one of input.tax_id_data ?? []) createTaxId(unit, customerId, one)
      return customer
    },
  ),
  route(
    'GET',
    '/v1/customers',
    { ...paging, email: text.exactOptional(), test_clock: text.exactOptional() },
    ({ unit }, input) => {
      const { email, test_clock: testClock, ...page } = input
      return listAnswer(
        unit,
        'customer',
        page,
        undefined,
        (one) =>
          (email === undefined || one.email === email) && (testClock === undefined || one.test_clock === testClock),
      )
    },
  ),
  route(
    'GET',
    '/v1/customers/search',
    { query: text, limit: paging.limit, page: text.exactOptional() },
    async ({ unit }, input) => {
      const isWanted = searchOf(input.query)
      const { data, hasMore } = await unit.list('customer', { limit: input.limit ?? 10 }, isWanted)
      return { object: 'search_result', data, has_more: hasMore, next_page: null, url: '/v1/customers/search' }
    },
  ),
  route('GET', '/v1/customers/:id', {}, async ({ unit }, _input, pathId) => {
    const gone = await unit.note('deleted', pathId)
    return gone === undefined ? unit.need('customer', pathId) : { id: pathId, object: 'customer', deleted: true }
  }),
  route('POST', '/v1/customers/:id', shown, async ({ unit }, input, pathId) => {
    const before = await unit.need('customer', pathId)
    const after = changed(before, input)
    if (JSON.stringify(before) === JSON.stringify(after)) return before
    unit.put('customer', after)
    unit.tell('customer.updated', after, before)
    return after
  }),
  route('DELETE', '/v1/customers/:id', {}, async (money, _input, pathId) => {
    const { unit } = money
    const customer = await unit.need('customer', pathId)
    await unit.useTestClock(customer.test_clock)
    for (const one of await unit.all('subscription', pathId, ({ ended_at: endedAt }) => endedAt === null))
      await endSubscription(money, one, 'cancellation_requested')
    unit.remove('customer', pathId)
    unit.putNote('deleted', pathId, true)
    unit.tell('customer.deleted', customer)
    return { id: pathId, object: 'customer', deleted: true }
  }),
]

/** Of Stripe's search language: `field:"value"` and `metadata["key"]:"value"`, joined by AND. */
function searchOf(query: string): (customer: ObjectOf<'customer'>) => boolean {
  const clauses = query.split(/ AND /i).map((clause) => {
    const [, field = '', , key = '', value = ''] =
      /^\s*(\w+)(\[["']([^"']+)["']\])?\s*:\s*["']([^"']*)["']\s*$/.exec(clause) ?? []
    return { field, key, value }
  })
  return (customer) =>
    clauses.every(({ field, key, value }) => {
      if (field === 'metadata') return customer.metadata[key] === value
      if (field === 'email') return customer.email === value
      return field === 'name' && customer.name === value
    })
}
