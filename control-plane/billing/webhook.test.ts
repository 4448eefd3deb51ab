import { afterEach, describe, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import type { BillingCtx } from './billing-context.ts'
import { checkedStripeSettings } from './billing-context.ts'
import { handleStripeEvent } from './handle-stripe-event.ts'
import { openCheckout } from './open-checkout.ts'
import { isLiveKey, openStripe } from './open-stripe.ts'
import { receiveStripeEvent } from './receive-stripe-event.ts'
import { reconcile } from './reconcile.ts'
import { STRIPE_EVENTS, StripeEventRow, stripeEventKey } from './stripe-event.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

const NEW_SECRET = 'whsec_new'

function eventOf(change: { readonly id?: string; readonly type?: string; readonly livemode?: boolean } = {}): string {
  return JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'invoice.paid',
    created: 1_772_442_000,
    livemode: false,
    data: { object: { id: 'in_1', object: 'invoice', customer: 'cus_unknown' } },
    ...change,
  })
}

function send(ctx: BillingCtx, rawBody: string, secret: string) {
  const timestamp = Math.trunc(ctx.clock.now() / 1000)
  const signature = ctx.stripe.webhooks.generateTestHeaderString({ payload: rawBody, secret, timestamp })
  return receiveStripeEvent(ctx, { rawBody, signature })
}

async function rowOf(stripeEventId: string): Promise<StripeEventRow> {
  return StripeEventRow.parse(await plane.platform.table.get(stripeEventKey(stripeEventId)))
}

describe('an event of Stripe', () => {
  it('is taken under either secret of a rotation, once, and comes again only while it is not handled', async () => {
    plane = await billingPlane()
    const [old = ''] = plane.billing().stripeSettings.webhookSecrets
    const stripeSettings = { ...plane.billing().stripeSettings, webhookSecrets: [NEW_SECRET, old] }
    const ctx = { ...plane.billing(), stripeSettings }
    expect(await send(ctx, eventOf(), old)).toBe('taken')
    expect(await send(ctx, eventOf({ id: 'evt_2' }), NEW_SECRET)).toBe('taken')
    expect(await send(ctx, eventOf(), old)).toBe('known')
    expect(await plane.takeAll('stripe-event')).toHaveLength(3)
    await handleStripeEvent(ctx, { stripeEventId: 'evt_1' })
    expect(await rowOf('evt_1')).toMatchObject({ attempts: 1, handledAt: plane.platform.clock.now() })
    expect(await send(ctx, eventOf(), old)).toBe('known')
    expect(await plane.takeAll('stripe-event')).toEqual([])
  })

  it('is refused with 400 for its signature alone', async () => {
    plane = await billingPlane()
    const ctx = plane.billing()
    await expect(send(ctx, eventOf(), 'whsec_other')).rejects.toMatchObject({
      code: 'billing.bad_signature',
      status: 400,
    })
    for (const signature of ['', 'v1=', 't=,v1=', 't=1772442000,v1='])
      await expect(receiveStripeEvent(ctx, { rawBody: eventOf(), signature })).rejects.toMatchObject({ status: 400 })
  })

  it('of the other mode, or of a type that changes nothing, is not taken', async () => {
    plane = await billingPlane()
    const ctx = plane.billing()
    const [secret = ''] = ctx.stripeSettings.webhookSecrets
    expect(await send(ctx, eventOf({ livemode: true }), secret)).toBe('wrong_mode')
    expect(await send(ctx, eventOf({ type: 'invoice.will_be_due' }), secret)).toBe('ignored')
    expect(await send(ctx, eventOf({ type: 'product.created' }), secret)).toBe('ignored')
    expect(await plane.takeAll('stripe-event')).toEqual([])
  })

  it('that cannot be handled is noted and thrown, so that it comes again', async () => {
    let isDown = false
    plane = await billingPlane({ faults: { api: ({ method }) => (isDown && method === 'GET' ? 'before' : 'none') } })
    const { licenceId } = await plane.licence()
    const { url } = await openCheckout(plane.billing(), { licenceId })
    await plane.pay(url)
    await plane.double.tick()
    isDown = true
    const [body] = await plane.takeAll('stripe-event')
    const { stripeEventId }: { readonly stripeEventId: string } = JSON.parse(JSON.stringify(body))
    await expect(handleStripeEvent(plane.billing(), { stripeEventId })).rejects.toThrow('')
    expect(await rowOf(stripeEventId)).toMatchObject({ attempts: 1, error: expect.any(String) })
    isDown = false
    await handleStripeEvent(plane.billing(), { stripeEventId })
    expect((await rowOf(stripeEventId)).error).toBeUndefined()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active' })
  })
})

describe('configuration', () => {
  it('with an empty secret, none, or three does not start', async () => {
    plane = await billingPlane()
    const settings = plane.billing().stripeSettings
    for (const webhookSecrets of [[], [''], ['whsec_1', ' '], ['a', 'b', 'c']])
      expect(() => checkedStripeSettings({ ...settings, webhookSecrets })).toThrow('webhook secret')
    const ctx = { ...plane.billing(), stripeSettings: { ...settings, webhookSecrets: [''] } }
    await expect(receiveStripeEvent(ctx, { rawBody: eventOf(), signature: 't=1,v1=00' })).rejects.toThrow('empty')
  })

  it('never sends a live key to the double, nor any key to a double elsewhere', async () => {
    plane = await billingPlane()
    expect(() => openStripe({ secretKey: 'sk_live_1', baseUrl: 'http://127.0.0.1:1' })).toThrow('live key')
    expect(() => openStripe({ secretKey: 'sk_test_1', baseUrl: 'http://example.com' })).toThrow('this machine')
    expect(['sk_test_1', 'rk_test_1', 'sk_live_1', 'rk_live_1', ''].map(isLiveKey)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ])
  })
})

describe('the nightly comparison', () => {
  const happens = async (licenceId: string) => {
    const ctx = plane.billing()
    const { url } = await openCheckout(ctx, { licenceId })
    await plane.pay(url)
    await plane.run()
    const [subscription] = (await ctx.stripe.subscriptions.list({})).data
    await ctx.stripe.subscriptions.update(subscription?.id ?? '', { cancel_at_period_end: true })
    await plane.run()
    const { licenseeId } = await plane.read(licenceId)
    const other = await plane.licence({ domainName: 'second.example.com', licenseeId })
    const second = await openCheckout(ctx, { licenceId: other.licenceId })
    await ctx.stripe.checkout.sessions.expire(second.sessionId)
    const [charge] = (await ctx.stripe.charges.list({})).data
    await plane.double.control.openDispute(charge?.id ?? '')
    await plane.run()
    return other.licenceId
  }

  it('is right after one run whichever single event never arrived, and when none did', async () => {
    const seen: string[] = []
    plane = await billingPlane({ isDelivered: (type) => seen.push(type) > 0 })
    await happens((await plane.licence()).licenceId)
    const last = seen.length - 1
    const told = new Set(seen.filter((type) => STRIPE_EVENTS[type] === 'sync'))
    for (const type of ['checkout.session.completed', 'checkout.session.expired', 'charge.dispute.created'])
      expect(told).toContain(type)
    for (let missing = -1; missing <= last; missing += 1) {
      await plane.platform.close()
      let number = -1
      plane = await billingPlane({
        isDelivered() {
          number += 1
          return missing !== -1 && number !== missing
        },
      })
      const { licenceId } = await plane.licence()
      const otherId = await happens(licenceId)
      const type = seen[missing] ?? ''
      const { missed } = await reconcile(plane.billing())
      if (missing !== -1) expect([type, missed]).toEqual([type, STRIPE_EVENTS[type] === 'sync' ? 1 : 0])
      expect({ type, ...(await plane.read(licenceId)) }).toMatchObject({
        type,
        state: 'disputed',
        isCancelScheduled: true,
      })
      expect({ type, ...(await plane.read(otherId)) }).toMatchObject({ type, state: 'draft' })
      expect(await reconcile(plane.billing())).toMatchObject({ missed: 0, differences: 0 })
    }
  })

  it('finds a subscription that differs even when Stripe has forgotten its events', async () => {
    plane = await billingPlane({ isDelivered: () => false })
    const { licenceId } = await plane.licence()
    const { url } = await openCheckout(plane.billing(), { licenceId })
    await plane.pay(url)
    await plane.run()
    plane.platform.clock.advance(40 * 86_400)
    expect(await reconcile(plane.billing())).toMatchObject({ events: 0, customers: 1, differences: 1 })
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active' })
  })
})
