import type { ObjectOf } from '../state/objects.ts'
import { type ChargeOutcome, chargeCard, foresee, type Presence } from './charge-card.ts'
import type { Money } from './money-context.ts'
import { LineItems, SessionFacts } from './new-session.ts'
import { createPaymentIntent } from './payment-intent.ts'
import { attachPaymentMethod, NO_ADDRESS } from './payment-method.ts'
import { startSubscription } from './start-subscription.ts'
import { createTaxId } from './tax-ids.ts'

export type Buyer = {
  readonly name: string
  readonly address: Partial<typeof NO_ADDRESS> | Readonly<Record<string, string | null>>
  readonly taxId?: { readonly type: string; readonly value: string } | undefined
}

export type Completion =
  | { readonly kind: 'complete'; readonly session: ObjectOf<'checkout.session'> }
  | { readonly kind: 'must_confirm' }
  | { readonly kind: 'declined'; readonly text: string }

/** Pays an open session: subscription, paid invoice and card come to be together, or nothing but the failed attempt does. */
export async function completeSession(
  money: Money,
  session: ObjectOf<'checkout.session'>,
  method: ObjectOf<'payment_method'>,
  buyer: Buyer,
  presence: Presence,
): Promise<Completion> {
  const { unit } = money
  const reason = await foresee(unit, method, presence)
  if (reason === 'must_confirm') return { kind: 'must_confirm' }
  if (reason !== undefined) return declinedAttempt(money, session, method, presence)
  const facts = SessionFacts.parse(await unit.note('session', session.id))
  // The one thing that may be refused comes before anything is changed.
  if (buyer.taxId !== undefined && facts.hasTaxIdCollection) createTaxId(unit, session.customer, buyer.taxId)
  const customer = await updatedCustomer(money, session, facts, buyer)
  attachPaymentMethod(unit, method, customer.id)
  const { data } = LineItems.parse(await unit.note('line-items', session.id))
  const { subscription, first } = await startSubscription(
    money,
    {
      customer,
      items: await Promise.all(
        data.map(async ({ price, quantity }) => ({ price: await unit.need('price', price.id), quantity })),
      ),
      metadata: facts.subscriptionMetadata,
      collectionMethod: 'charge_automatically',
      daysUntilDue: null,
      defaultPaymentMethod: method.id,
      hasAutomaticTax: facts.hasAutomaticTax,
      description: facts.description,
      customFields: null,
      footer: facts.footer,
    },
    presence,
  )
  const { invoice } = first
  const complete: ObjectOf<'checkout.session'> = {
    ...session,
    status: 'complete',
    payment_status: invoice.total === 0 ? 'no_payment_required' : 'paid',
    url: null,
    subscription: subscription.id,
    invoice: invoice.id,
    amount_total: invoice.total,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: invoice.total - invoice.subtotal },
    automatic_tax: { ...session.automatic_tax, status: facts.hasAutomaticTax ? 'complete' : null },
    customer_details: {
      address: { ...NO_ADDRESS, ...buyer.address },
      business_name: null,
      email: customer.email,
      individual_name: null,
      name: buyer.name,
      phone: null,
      tax_exempt: customer.tax_exempt ?? 'none',
      tax_ids: (await unit.all('tax_id', customer.id)).map(({ type, value }) => ({ type, value })),
    },
  }
  unit.put('checkout.session', complete)
  unit.tell('checkout.session.completed', complete)
  return { kind: 'complete', session: complete }
}

async function declinedAttempt(
  money: Money,
  session: ObjectOf<'checkout.session'>,
  method: ObjectOf<'payment_method'>,
  presence: Presence,
): Promise<Completion> {
  const { unit } = money
  const intent = createPaymentIntent(unit, {
    customerId: session.customer,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    description: 'Subscription creation',
  })
  const outcome: ChargeOutcome = await chargeCard(unit, intent, method, presence)
  return { kind: 'declined', text: outcome.kind === 'declined' ? outcome.decline.text : 'Your card was declined.' }
}

async function updatedCustomer(
  { unit }: Money,
  session: ObjectOf<'checkout.session'>,
  facts: SessionFacts,
  buyer: Buyer,
): Promise<ObjectOf<'customer'>> {
  const before = await unit.need('customer', session.customer)
  const after: ObjectOf<'customer'> = {
    ...before,
    ...(facts.updatesAddress ? { address: { ...NO_ADDRESS, ...buyer.address } } : {}),
    ...(facts.updatesName && buyer.name !== '' ? { name: buyer.name } : {}),
    currency: session.currency,
  }
  unit.put('customer', after)
  if (JSON.stringify(before) !== JSON.stringify(after)) unit.tell('customer.updated', after, before)
  return after
}
