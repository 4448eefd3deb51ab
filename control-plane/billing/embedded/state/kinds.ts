import type { Kind } from './objects.ts'

/** How ids of a kind begin, and the path under which Stripe lists them. */
export const KINDS: { readonly [K in Kind]: { readonly prefix: string; readonly path: string } } = {
  customer: { prefix: 'cus', path: '/v1/customers' },
  product: { prefix: 'prod', path: '/v1/products' },
  price: { prefix: 'price', path: '/v1/prices' },
  subscription: { prefix: 'sub', path: '/v1/subscriptions' },
  invoice: { prefix: 'in', path: '/v1/invoices' },
  invoice_payment: { prefix: 'inpay', path: '/v1/invoice_payments' },
  payment_intent: { prefix: 'pi', path: '/v1/payment_intents' },
  charge: { prefix: 'ch', path: '/v1/charges' },
  refund: { prefix: 're', path: '/v1/refunds' },
  dispute: { prefix: 'du', path: '/v1/disputes' },
  payment_method: { prefix: 'pm', path: '/v1/payment_methods' },
  'checkout.session': { prefix: 'cs_test', path: '/v1/checkout/sessions' },
  'billing_portal.session': { prefix: 'bps', path: '/v1/billing_portal/sessions' },
  tax_id: { prefix: 'txi', path: '/v1/tax_ids' },
  'tax.registration': { prefix: 'taxreg', path: '/v1/tax/registrations' },
  'test_helpers.test_clock': { prefix: 'clock', path: '/v1/test_helpers/test_clocks' },
  event: { prefix: 'evt', path: '/v1/events' },
}

const KINDS_BY_PREFIX = new Map(
  Object.entries(KINDS).flatMap(([name, { prefix }]) => (isKind(name) ? [[prefix, name] as const] : [])),
)

export function isKind(name: string): name is Kind {
  return name in KINDS
}

/** The kind that an id says it is of. */
export function kindOfId(objectId: string): Kind | undefined {
  return KINDS_BY_PREFIX.get(objectId.slice(0, objectId.lastIndexOf('_')))
}
