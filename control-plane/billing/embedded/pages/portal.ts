import { Hono } from 'hono'
import { endingOf } from '../money/ending.ts'
import type { Money } from '../money/money-context.ts'
import { attachPaymentMethod, conductOf, createPaymentMethod } from '../money/payment-method.ts'
import type { Engine } from '../money/run-due.ts'
import { updateSubscription } from '../money/subscription-status.ts'
import { declineOf } from '../money/test-cards.ts'
import type { ObjectOf } from '../state/objects.ts'
import { refuse } from '../wire/refusal.ts'
import { CardFields, readCardFields } from './card-form.ts'
import { answerPage, type PageAnswer, postedFields } from './page-call.ts'
import { portalPage } from './portal-page.ts'

type Fields = Readonly<Record<string, string>>
type Act = (money: Money, session: ObjectOf<'billing_portal.session'>, fields: Fields) => Promise<PageAnswer>

/** A portal session is good for an hour after it was made; Stripe's ends after less when it is not used. */
const LIFE_SECONDS = 3600

/** The hosted customer portal. */
export function createPortal(engine: Engine): Hono {
  const app = new Hono()
  app.get('/p/session/:id', (c) =>
    answerPage(engine, async (money) => portalPage(money, await sessionOf(money, c.req.param('id')))),
  )
  const acts: Readonly<Record<string, Act>> = {
    card: changeCard,
    details: changeDetails,
    cancel: (money, session, fields) => setEnding(money, session, fields.subscription ?? '', true),
    keep: (money, session, fields) => setEnding(money, session, fields.subscription ?? '', false),
  }
  for (const [name, act] of Object.entries(acts))
    app.post(`/p/session/:id/${name}`, async (c) => {
      const fields = await postedFields(c)
      return answerPage(engine, async (money) => act(money, await sessionOf(money, c.req.param('id') ?? ''), fields))
    })
  return app
}

async function sessionOf({ unit }: Money, sessionId: string): Promise<ObjectOf<'billing_portal.session'>> {
  const session = await unit.need('billing_portal.session', sessionId)
  const customer = await unit.need('customer', session.customer)
  await unit.useTestClock(customer.test_clock)
  if (session.created + LIFE_SECONDS < unit.now()) throw refuse.missing('billing_portal.session', sessionId, 'id')
  return session
}

async function changeCard(
  money: Money,
  session: ObjectOf<'billing_portal.session'>,
  typed: Fields,
): Promise<PageAnswer> {
  const { unit } = money
  const fields = CardFields.parse(typed)
  const entry = readCardFields(fields, unit.now())
  if (!('card' in entry)) return portalPage(money, session, entry.text)
  const made = createPaymentMethod(unit, entry, { name: fields.name === '' ? null : fields.name })
  const { attach } = await conductOf(unit, made.id)
  if (attach !== undefined) {
    unit.remove('payment_method', made.id)
    return portalPage(money, session, declineOf(attach).text)
  }
  const method = attachPaymentMethod(unit, made, session.customer)
  const before = await unit.need('customer', session.customer)
  const after: ObjectOf<'customer'> = {
    ...before,
    invoice_settings: { ...before.invoice_settings, default_payment_method: method.id },
  }
  unit.put('customer', after)
  unit.tell('customer.updated', after, before)
  for (const one of await unit.all('subscription', session.customer, ({ ended_at: endedAt }) => endedAt === null))
    updateSubscription(money, one, { ...one, default_payment_method: method.id })
  return { goTo: `/p/session/${session.id}` }
}

async function changeDetails(
  { unit }: Money,
  session: ObjectOf<'billing_portal.session'>,
  fields: Fields,
): Promise<PageAnswer> {
  const before = await unit.need('customer', session.customer)
  const after = { ...before, name: fields.name ?? before.name ?? null, email: fields.email ?? before.email }
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    unit.put('customer', after)
    unit.tell('customer.updated', after, before)
  }
  return { goTo: `/p/session/${session.id}` }
}

async function setEnding(
  money: Money,
  session: ObjectOf<'billing_portal.session'>,
  subscriptionId: string,
  isEnding: boolean,
): Promise<PageAnswer> {
  const subscription = await money.unit.need('subscription', subscriptionId)
  if (subscription.customer !== session.customer) throw refuse.missing('subscription', subscriptionId, 'subscription')
  if (subscription.ended_at === null)
    updateSubscription(money, subscription, { ...subscription, ...endingOf(money.unit, subscription, isEnding) })
  return { goTo: `/p/session/${session.id}` }
}
