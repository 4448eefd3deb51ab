import { afterEach, describe, expect, it } from 'vitest'
import { sendControlMail } from '#control-plane/core/control-mail/send-control-mail.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { noticeOf } from '#control-plane/manifest.ts'
import { type BillingOptions, type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { withDelays } from '#test/harness/platform/delays.ts'
import { faultAt, withFaults } from '#test/harness/platform/faults.ts'
import type { BillingCtx } from './billing-context.ts'
import { handleStripeEvent } from './handle-stripe-event.ts'
import { openCheckout } from './open-checkout.ts'
import { nameOf } from './read-stripe.ts'
import { refundLicence } from './refund-licence.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

type Case = {
  /** Everything before the act; answers what the act needs. */
  readonly before: (plane: BillingPlane) => Promise<Licence>
  readonly act: (ctx: BillingCtx, licence: Licence) => Promise<unknown>
  /** What must be so in the end. */
  readonly check: (licence: Licence) => Promise<void>
}

async function buy(on: BillingPlane, card?: string): Promise<Licence> {
  const licence = await on.licence()
  const { url } = await openCheckout(on.billing(), { licenceId: licence.licenceId })
  await on.pay(url, card)
  return licence
}

/** The double posts into the ledger; nobody has handled anything yet. */
async function firstEvent(on: BillingPlane): Promise<string> {
  const [body] = await on.takeAll('stripe-event')
  return noticeOf['stripe-event'].parse(body).stripeEventId
}

let stripeEventId = ''

const CASES: { readonly [name: string]: Case } = {
  'opening a checkout': {
    before: (on) => on.licence(),
    act: (ctx, { licenceId }) => openCheckout(ctx, { licenceId }),
    async check({ licenceId }) {
      await openCheckout(plane.billing(), { licenceId })
      const { stripe } = plane.billing()
      const { data } = await stripe.checkout.sessions.list({})
      expect(data.filter(({ status }) => status === 'open')).toHaveLength(1)
      expect((await stripe.customers.list({})).data).toHaveLength(1)
      expect((await stripe.prices.list({})).data).toHaveLength(1)
      expect(await plane.read(licenceId)).toMatchObject({
        state: 'checkout_pending',
        checkout: { sessionId: data.find(({ status }) => status === 'open')?.id },
      })
    },
  },
  'handling a paid checkout': {
    async before(on) {
      const licence = await buy(on)
      await on.double.tick()
      stripeEventId = await firstEvent(on)
      return licence
    },
    act: (ctx) => handleStripeEvent(ctx, { stripeEventId }),
    async check({ licenceId }) {
      expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: Date.UTC(2027, 2, 2, 9) })
      expect(await plane.subjects()).toEqual([])
    },
  },
  'a licence bought twice': {
    async before(on) {
      const licence = await buy(on)
      await on.run()
      // The same page open in two tabs of two people: Stripe itself allows it.
      const { stripe } = on.billing()
      const [first] = (await stripe.subscriptions.list({})).data
      const customer = nameOf(first?.customer) ?? ''
      const method = await stripe.paymentMethods.attach('pm_card_visa', { customer })
      await stripe.subscriptions.create({
        customer,
        items: [{ price: first?.items.data[0]?.price.id ?? '' }],
        default_payment_method: method.id,
        metadata: { licenceId: licence.licenceId },
      })
      await on.double.tick()
      stripeEventId = await firstEvent(on)
      return licence
    },
    act: (ctx) => handleStripeEvent(ctx, { stripeEventId }),
    async check({ licenceId }) {
      const { stripe } = plane.billing()
      const { data } = await stripe.subscriptions.list({ status: 'all' })
      expect(data.map(({ status }) => status).toSorted()).toEqual(['active', 'canceled'])
      expect((await stripe.refunds.list({})).data.map(({ amount }) => amount)).toEqual([99_500])
      const licence = await plane.read(licenceId)
      expect(licence).toMatchObject({ state: 'active' })
      expect(data.find(({ id }) => id === licence.stripe?.subscriptionId)?.status).toBe('active')
      expect(await plane.subjects()).toEqual(['The licence of calendar.example.com was bought twice'])
    },
  },
  'giving a payment back': {
    async before(on) {
      const licence = await buy(on)
      await on.run()
      return licence
    },
    act: (ctx, { licenceId }) => refundLicence(ctx, { licenceId, reason: 'asked' }),
    async check({ licenceId }) {
      const { stripe } = plane.billing()
      if ((await plane.read(licenceId)).state === 'active')
        await refundLicence(plane.billing(), { licenceId, reason: 'asked' })
      await plane.run()
      expect((await stripe.refunds.list({})).data).toHaveLength(1)
      expect(await plane.read(licenceId)).toMatchObject({ state: 'refunded' })
    },
  },
  'a reminder': {
    async before(on) {
      const licence = await buy(on)
      await on.run()
      on.platform.clock.set(Date.UTC(2027, 1, 1, 9))
      return licence
    },
    act: (ctx, { licenceId }) => lookAtLicence(ctx, { licenceId }),
    async check({ licenceId }) {
      expect(await plane.read(licenceId)).toMatchObject({ state: 'renewal_due' })
      expect(await plane.subjects()).toEqual(['The licence of calendar.example.com renews on 2027-03-02'])
    },
  },
  'sending a mail': {
    async before(on) {
      const licence = await buy(on)
      await on.run()
      on.platform.clock.set(Date.UTC(2027, 1, 1, 9))
      await lookAtLicence(on.billing(), { licenceId: licence.licenceId })
      const [body] = await on.takeAll('mail-due')
      stripeEventId = noticeOf['mail-due'].parse(body).controlMailId
      return licence
    },
    act: (ctx) => sendControlMail(ctx, { controlMailId: stripeEventId }),
    async check() {
      expect(await plane.subjects()).toEqual(['The licence of calendar.example.com renews on 2027-03-02'])
    },
  },
}

/** Everybody tries again, and 16 minutes later once more: by then what nobody could tell is settled. */
async function settle(): Promise<void> {
  await plane.run()
  plane.platform.clock.advance(16 * 60)
  await plane.run()
}

async function begin({ before }: Case, options: BillingOptions = {}): Promise<Licence> {
  plane = await billingPlane(options)
  return before(plane)
}

describe.each(Object.entries(CASES))('%s', (_name, one) => {
  it('killed before or after any call of a port, it comes to the same end', async () => {
    const licence = await begin(one)
    const counted = withFaults(plane.platform, () => 'none')
    await one.act(plane.billing({ ports: counted }), licence)
    const calls = counted.calls.length
    await settle()
    await one.check(licence)
    expect(calls).toBeGreaterThan(2)
    // To die before a call is to die after the one before it.
    for (let number = 0; number <= calls; number += 1) {
      await plane.platform.close()
      const again = await begin(one)
      const plan = number === 0 ? faultAt(1, 'crash_before') : faultAt(number, 'crash_after')
      const ports = withFaults(plane.platform, plan)
      // Promises are sent beside the change: a death there is seen by nobody.
      await one.act(plane.billing({ ports }), again).catch(() => undefined)
      expect(ports.isCrashed()).toBe(true)
      await settle()
      await one.check(again)
    }
  })

  it('beside its twin it comes to the same end', async () => {
    for (const seed of [1, 2, 3]) {
      const licence = await begin(one)
      const twins = [0, 1].map((twin) =>
        one.act(plane.billing({ ports: withDelays(plane.platform, seed * 10 + twin) }), licence),
      )
      await Promise.allSettled(twins)
      await settle()
      await one.check(licence)
      if (seed < 3) await plane.platform.close()
    }
  })

  it('with Stripe failing before or after any POST, or silent about it, it comes to the same end', async () => {
    for (const fault of ['before', 'after', 'lost_after'] as const)
      for (let number = 1; number <= 3; number += 1) {
        let isActing = false
        let seen = 0
        const licence = await begin(one, {
          faults: {
            api({ method }) {
              if (!isActing || method !== 'POST') return 'none'
              seen += 1
              return seen === number ? fault : 'none'
            },
          },
        })
        isActing = true
        await one.act(plane.billing(), licence).catch(() => undefined)
        isActing = false
        await settle()
        await one.check(licence)
        if (fault !== 'lost_after' || number < 3) await plane.platform.close()
      }
  })
})
