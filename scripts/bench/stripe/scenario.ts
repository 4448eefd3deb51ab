import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { createStripeDouble, type StripeDouble } from '#control-plane/billing/embedded/stripe-double.ts'
import { fetchTruth } from '#control-plane/billing/fetch-truth.ts'
import { openCheckout } from '#control-plane/billing/open-checkout.ts'
import { openStripe } from '#control-plane/billing/open-stripe.ts'
import { nameOf } from '#control-plane/billing/read-stripe.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import type { TableItem } from '#shared/platform/table.ts'
import { openBenchPlane, WEBHOOK_SECRET } from './bench-plane.ts'

/** What Stripe says after one more thing has happened: the answers to everything that billing asks, and the event that tells of it. */
export type Stage = {
  readonly at: number
  readonly answers: ReadonlyMap<string, unknown>
  /** None for the time before the purchase. */
  readonly rawEvent?: string
}

export type Scenario = {
  readonly stages: readonly Stage[]
  /** Our rows while the buyer is on the checkout page. */
  readonly rows: readonly TableItem[]
  readonly licenceId: string
  readonly licenseeId: string
}

export const DAY_MS = 86_400_000
/** Pays when it is entered and is declined at the renewal (Stripe, "Testing"). */
const CARD_THAT_FAILS_LATER = '4000000000000341'

/**
 * Plays a licence's story on the double of Stripe and keeps what it answered after each of eight things: bought, cancelled, taken back,
 * renewal declined, retries over, paid late, cancelled again, taken back again.
 */
export async function recordScenario(): Promise<Scenario> {
  const plane = openBenchPlane()
  const raw: { readonly type: string; readonly body: string }[] = []
  const double = createStripeDouble({
    ...plane,
    table: plane.tableOf('stripe'),
    webhook: { url: 'http://127.0.0.1/webhook', secret: WEBHOOK_SECRET },
    post: (_url, _headers, body) => {
      const { type }: { readonly type: string } = JSON.parse(body)
      raw.push({ type, body })
      return Promise.resolve(200)
    },
  })
  const answers = new Map<string, unknown>()
  const stripe = openStripe({
    secretKey: 'sk_test_bench',
    baseUrl: 'http://127.0.0.1',
    async fetch(input, init) {
      const wanted = new Request(input, init)
      const answer = await double.fetch(wanted)
      const { pathname, search } = new URL(wanted.url)
      if (wanted.method === 'GET') answers.set(`${pathname}${search}`, await answer.clone().json())
      return answer
    },
  })
  const ctx = plane.ctxOf({ table: plane.tableOf('control'), stripe })
  const sale = await beginSale(ctx)
  const rows = await rowsOf(ctx, sale)
  const stages: Stage[] = []
  const look = async (type?: string): Promise<void> => {
    await double.tick()
    answers.clear()
    await fetchTruth(ctx, { stripeCustomerId: sale.stripeCustomerId, sessionIds: [sale.sessionId] })
    const rawEvent = raw.findLast((one) => one.type === type)?.body
    if (type !== undefined && rawEvent === undefined) throw new Error(`the double told of no ${type}`)
    stages.push({
      at: plane.clock.now(),
      answers: new Map(answers),
      ...(rawEvent === undefined ? {} : { rawEvent }),
    })
    raw.length = 0
  }
  await look()
  for (const { type, act } of story(ctx, double, sale, plane.clock)) {
    await act()
    await look(type)
  }
  await plane.close()
  return { stages, rows, licenceId: sale.licenceId, licenseeId: sale.licenseeId }
}

type Sale = Awaited<ReturnType<typeof beginSale>>

async function beginSale(ctx: BillingCtx) {
  const { licenseeId } = await registerLicensee(ctx, { name: 'Example Ltd', billingEmail: 'billing@example.com' })
  const { licence, tenant } = await registerTenant(ctx, {
    licenseeId,
    domainName: 'calendar.example.com',
    registrableName: 'example.com',
    placement: 'cell',
    dnsMode: 'delegated',
    region: 'eu-west-1',
  })
  const { licenceId } = licence
  const { sessionId, url } = await openCheckout(ctx, { licenceId })
  const { data } = await ctx.stripe.customers.list({ limit: 1 })
  const stripeCustomerId = data[0]?.id
  if (stripeCustomerId === undefined) throw new Error('the checkout made no customer')
  return { licenseeId, licenceId, tenantId: tenant.tenantId, sessionId, url, stripeCustomerId }
}

async function rowsOf(ctx: BillingCtx, sale: Sale): Promise<readonly TableItem[]> {
  const { licenseeId, licenceId, tenantId, stripeCustomerId } = sale
  const partitions = [
    `licensee#${licenseeId}`,
    `licence#${licenceId}`,
    `tenant#${tenantId}`,
    // What is not claimed for its tenant any more is paid for in vain.
    'domain#calendar.example.com',
    `stripe-customer#${stripeCustomerId}`,
  ]
  const pages = await Promise.all(partitions.map((pk) => ctx.table.query({ pk, limit: 100 })))
  return pages.flatMap(({ items }) => items)
}

function story(
  { stripe }: BillingCtx,
  double: StripeDouble,
  sale: Sale,
  clock: ReturnType<typeof openBenchPlane>['clock'],
) {
  const { stripeCustomerId: customer } = sale
  const wait = (days: number) => clock.set(clock.now() + days * DAY_MS)
  const subscription = async () => {
    const { data } = await stripe.subscriptions.list({ customer, status: 'all', limit: 1 })
    const [only] = data
    if (only === undefined) throw new Error('the sale made no subscription')
    return only
  }
  const cancel = async (isCancelled: boolean) => {
    wait(1)
    await stripe.subscriptions.update((await subscription()).id, { cancel_at_period_end: isCancelled })
  }
  return [
    { type: 'checkout.session.completed', act: () => pay(double, sale.url) },
    { type: 'customer.subscription.updated', act: () => cancel(true) },
    { type: 'customer.subscription.updated', act: () => cancel(false) },
    { type: 'invoice.payment_failed', act: () => Promise.resolve(wait(365)) },
    { type: 'customer.subscription.updated', act: () => Promise.resolve(wait(20)) },
    {
      type: 'invoice.paid',
      async act() {
        const { latest_invoice } = await subscription()
        const method = await stripe.paymentMethods.attach('pm_card_visa', { customer })
        await stripe.invoices.pay(nameOf(latest_invoice) ?? '', { payment_method: method.id })
      },
    },
    { type: 'customer.subscription.updated', act: () => cancel(true) },
    // As it was before: a worker that looked in between must not have the last word.
    { type: 'customer.subscription.updated', act: () => cancel(false) },
  ]
}

async function pay(double: StripeDouble, url: string): Promise<void> {
  const body = new URLSearchParams({
    number: CARD_THAT_FAILS_LATER,
    expiry: '12 / 40',
    cvc: '123',
    name: 'Pat Payer',
    line1: '1 Main Street',
    city: 'Springfield',
    postal_code: '12345',
    country: 'US',
    state: 'IL',
  })
  const answer = await double.fetch(new Request(url, { method: 'POST', body, redirect: 'manual' }))
  if (answer.status >= 400) throw new Error(`the checkout page answered ${answer.status}`)
}
