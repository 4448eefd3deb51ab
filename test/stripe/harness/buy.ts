import type Stripe from 'stripe'
import type { StripeDouble } from '#control-plane/billing/embedded/stripe-double.ts'

export type Catalogue = { readonly productId: string; readonly priceId: string }

/** The licence as it is sold: $995 a year. */
export async function sellLicences(stripe: Stripe, interval: 'month' | 'year' = 'year'): Promise<Catalogue> {
  const product = await stripe.products.create({ name: 'Licence (1 domain)' })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 99_500,
    recurring: { interval },
    lookup_key: `licence_${interval}`,
  })
  return { productId: product.id, priceId: price.id }
}

/** Opens a checkout for a customer. */
export function openSession(
  stripe: Stripe,
  customerId: string,
  priceId: string,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customerId,
    line_items: [{ price: priceId, quantity: 1 }],
    success_url: 'http://127.0.0.1:9/paid?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:9/cancelled',
    client_reference_id: 'lic_1',
    subscription_data: { metadata: { licenceId: 'lic_1' } },
    ...more,
  })
}

/** The id of what Stripe gives as an id or, expanded, as an object. */
export function idOf(reference: string | { readonly id: string } | null): string {
  if (reference === null) throw new Error('there is no such object')
  return typeof reference === 'string' ? reference : reference.id
}

/** What a buyer types into a page of the double. */
export async function post(
  double: Pick<StripeDouble, 'fetch'>,
  path: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly location: string | null; readonly text: string }> {
  const answer = await double.fetch(
    new Request(new URL(path, 'http://127.0.0.1'), { method: 'POST', body: new URLSearchParams(fields) }),
  )
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
}

export async function open(
  double: Pick<StripeDouble, 'fetch'>,
  path: string,
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const answer = await double.fetch(new Request(new URL(path, 'http://127.0.0.1')))
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

export function typedCard(number = '4242 4242 4242 4242', expiry = '12 / 34'): Readonly<Record<string, string>> {
  return {
    number,
    expiry,
    cvc: '123',
    name: 'Ada Buyer',
    line1: '1 High Street',
    city: 'Berlin',
    country: 'DE',
    postal_code: '10115',
  }
}

/** A customer who has bought a licence at the checkout page. */
export async function buyLicence(
  { stripe, double }: { readonly stripe: Stripe; readonly double: StripeDouble },
  input: {
    readonly priceId: string
    readonly number?: string
    readonly expiry?: string
    readonly customer?: Stripe.CustomerCreateParams
  },
): Promise<{ readonly customerId: string; readonly subscriptionId: string; readonly sessionId: string }> {
  const customer = await stripe.customers.create({ email: 'buyer@example.com', ...input.customer })
  const session = await openSession(stripe, customer.id, input.priceId)
  const paid = await post(double, `/c/pay/${session.id}`, typedCard(input.number, input.expiry))
  if (paid.status !== 303) throw new Error(`the checkout answered ${paid.status}`)
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id)
  if (typeof subscription !== 'string') throw new Error('the checkout made no subscription')
  return { customerId: customer.id, subscriptionId: subscription, sessionId: session.id }
}
