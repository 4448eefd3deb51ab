import { Hono } from 'hono'
import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { type Buyer, completeSession } from '../money/complete-session.ts'
import type { Money } from '../money/money-context.ts'
import { createPaymentMethod } from '../money/payment-method.ts'
import type { Engine } from '../money/run-due.ts'
import type { ObjectOf } from '../state/objects.ts'
import { CardFields, readCardFields } from './card-form.ts'
import { checkoutPage, returnTo, type Typed } from './checkout-page.ts'
import { confirmPage, NOT_CONFIRMED } from './confirm-page.ts'
import { sum } from './frame.ts'
import { answerPage, type PageAnswer, postedFields } from './page-call.ts'

const Buying = z.object({
  name: z.string(),
  address: z.record(z.string(), z.string().nullable()),
  taxId: z.object({ type: z.string(), value: z.string() }).optional(),
})
/** Between the card and the bank's question. */
const Pending = z.object({ methodId: z.string(), buyer: Buying, typed: z.record(z.string(), z.string()) })

/** The hosted checkout page: form, bank's question, and the way back. */
export function createCheckout(engine: Engine): Hono {
  const app = new Hono()
  app.get('/c/pay/:id', (c) =>
    answerPage(engine, async (money) => checkoutPage(money, await sessionOf(money, c.req.param('id')))),
  )
  app.post('/c/pay/:id', async (c) => {
    const typed = await postedFields(c)
    return answerPage(engine, async (money) => pay(money, await sessionOf(money, c.req.param('id')), typed))
  })
  app.get('/c/pay/:id/confirm', (c) =>
    answerPage(engine, async (money) => {
      const session = await sessionOf(money, c.req.param('id'))
      if (session.status !== 'open') return checkoutPage(money, session)
      const page = confirmPage({
        amount: sum(session.amount_total ?? 0, session.currency ?? 'usd'),
        seller: money.settings.sellerName,
        action: `/c/pay/${session.id}/confirm`,
      })
      return { page, returnUrl: session.success_url }
    }),
  )
  app.post('/c/pay/:id/confirm', async (c) => {
    const { decision } = await postedFields(c)
    return answerPage(engine, async (money) =>
      confirm(money, await sessionOf(money, c.req.param('id')), decision === 'confirm'),
    )
  })
  return app
}

async function sessionOf({ unit }: Money, sessionId: string): Promise<ObjectOf<'checkout.session'>> {
  const session = await unit.need('checkout.session', sessionId)
  const customer = await unit.find('customer', session.customer)
  await unit.useTestClock(customer?.test_clock)
  return session
}

async function pay(money: Money, session: ObjectOf<'checkout.session'>, typed: Typed): Promise<PageAnswer> {
  if (session.status !== 'open') return checkoutPage(money, session)
  const fields = CardFields.parse(typed)
  const entry = readCardFields(fields, money.unit.now())
  if (!('card' in entry)) return checkoutPage(money, session, typed, entry.text)
  if (session.billing_address_collection === 'required' && (typed.line1 ?? '') === '')
    return checkoutPage(money, session, typed, 'Your billing address is incomplete.')
  const buyer = buyerOf(typed)
  const method = createPaymentMethod(money.unit, entry, {
    name: fields.name === '' ? null : fields.name,
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null, ...buyer.address },
  })
  try {
    const completion = await completeSession(money, session, method, buyer, 'present')
    if (completion.kind === 'complete') return { goTo: returnTo(completion.session) }
    if (completion.kind === 'declined') return checkoutPage(money, session, typed, completion.text)
  } catch (error) {
    // A tax id that its country's form refuses; nothing else of what was typed can be refused here.
    if (!isFailure(error, 'stripe_double.invalid')) throw error
    return checkoutPage(money, session, typed, error.message)
  }
  const { number: _number, cvc: _cvc, expiry: _expiry, ...kept } = typed
  money.unit.putNote('pending', session.id, { methodId: method.id, buyer, typed: kept })
  return { goTo: `/c/pay/${session.id}/confirm` }
}

async function confirm(money: Money, session: ObjectOf<'checkout.session'>, isConfirmed: boolean): Promise<PageAnswer> {
  const pending = Pending.safeParse(await money.unit.note('pending', session.id))
  if (session.status !== 'open' || !pending.success) return checkoutPage(money, session)
  const { methodId, buyer, typed } = pending.data
  if (!isConfirmed) return checkoutPage(money, session, typed, NOT_CONFIRMED)
  const method = await money.unit.need('payment_method', methodId)
  const completion = await completeSession(money, session, method, buyer, 'confirmed')
  if (completion.kind === 'complete') return { goTo: returnTo(completion.session) }
  return checkoutPage(money, session, typed, completion.kind === 'declined' ? completion.text : NOT_CONFIRMED)
}

function buyerOf(typed: Typed): Buyer {
  const given = (name: string) => (typed[name] === undefined || typed[name] === '' ? null : typed[name])
  const taxType = given('tax_type')
  const taxValue = given('tax_value')
  return {
    name: given('business') ?? given('name') ?? '',
    address: {
      city: given('city'),
      country: given('country'),
      line1: given('line1'),
      postal_code: given('postal_code'),
      state: given('state'),
    },
    ...(taxType !== null && taxValue !== null ? { taxId: { type: taxType, value: taxValue } } : {}),
  }
}
