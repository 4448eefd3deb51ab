import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { type Fault, faultAtVerb, withFaults } from '#test/harness/platform/faults.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { openSession, post, sellLicences, typedCard } from '#test/stripe/harness/buy.ts'
import { stripeOn } from '#test/stripe/harness/test-double.ts'
import { createStripeDouble, type StripeDouble } from './stripe-double.ts'

let platform: MemoryPlatform
let told: string[]

async function afresh(): Promise<string> {
  platform = await createMemoryPlatform()
  told = []
  return (await sellLicences(stripeOn(start().double))).priceId
}

/** A double on the same rows, which dies at the nth write if there is a fault. */
function start(fault: Fault = 'none', nth = 0): { readonly double: StripeDouble; readonly isDead: () => boolean } {
  const { clock, ids, log } = platform
  const faulty = withFaults(
    { ...platform, table: platform.tableOf('stripe') },
    faultAtVerb('table', 'transact', nth, fault),
  )
  const double = createStripeDouble({
    table: faulty.table,
    clock,
    ids,
    log,
    webhook: { url: 'http://127.0.0.1/stripe', secret: 'whsec_x' },
    async post(_url, _headers, body) {
      told.push(/"type": "([\w.]+)"\n}$/.exec(body)?.[1] ?? '')
      return 200
    },
  })
  return { double, isDead: faulty.isCrashed }
}

/** All that a buyer and the seller do, under keys that make it safe to do again. */
async function life(double: StripeDouble, stripe: Stripe, priceId: string): Promise<void> {
  const customer = await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'customer' })
  const [known] = (await stripe.checkout.sessions.list({ customer: customer.id })).data
  const { id } = known ?? (await openSession(stripe, customer.id, priceId))
  await post(double, `/c/pay/${id}`, typedCard())
  await double.tick()
}

describe('a double that dies at a write', () => {
  it.each(['crash_before', 'crash_after'] as const)(
    '%s it goes on after a restart: nothing is lost, nothing is half',
    async (fault) => {
      let nth = 0
      let hasDied = true
      while (hasDied) {
        nth += 1
        const priceId = await afresh()
        const dying = start(fault, nth)
        await life(dying.double, stripeOn(dying.double), priceId).catch(() => undefined)
        hasDied = dying.isDead()
        const { double } = start()
        const stripe = stripeOn(double)
        await life(double, stripe, priceId)
        expect((await stripe.customers.list()).data).toHaveLength(1)
        const { data: subscriptions } = await stripe.subscriptions.list({ expand: ['data.latest_invoice'] })
        expect(subscriptions).toMatchObject([{ status: 'active', latest_invoice: { status: 'paid' } }])
        const { data } = await stripe.events.list({ limit: 100 })
        const types = data.map(({ type }) => type)
        expect(types.filter((type) => type === 'customer.subscription.created')).toHaveLength(1)
        expect(told.length - types.length).toBeLessThanOrEqual(1)
        expect([...new Set(told)].toSorted()).toEqual([...new Set(types)].toSorted())
        await platform.close()
      }
      expect(nth).toBeGreaterThan(15)
    },
  )
})
