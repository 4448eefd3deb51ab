import { afterEach, expect, it } from 'vitest'
import { suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { aroundPorts } from '#test/harness/platform/around-ports.ts'
import { openCheckout } from './open-checkout.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

it('sells a licence: customer, price, session, payment, and the licence is active for a year', async () => {
  plane = await billingPlane()
  const { licenceId, licenseeId } = await plane.licence()
  const { url, sessionId } = await openCheckout(plane.billing(), { licenceId })
  expect(await plane.read(licenceId)).toMatchObject({ state: 'checkout_pending', checkout: { sessionId } })
  expect((await plane.pay(url)).status).toBeLessThan(400)
  await plane.run()
  const licence = await plane.read(licenceId)
  expect(licence).toMatchObject({
    state: 'active',
    billing: 'checkout',
    paidThrough: Date.UTC(2027, 2, 2, 9),
    periodEnd: Date.UTC(2027, 2, 2, 9),
    isCancelScheduled: false,
    stripe: {
      status: 'active',
      unitAmountCents: 99_500,
      currency: 'usd',
      paymentMethod: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 },
      latestInvoice: { status: 'paid' },
    },
  })
  expect(licence.checkout).toBeUndefined()
  expect(licence.licenseeId).toBe(licenseeId)
})

it('gives the open page again, and replaces it when its time is nearly over', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const ctx = plane.billing()
  const first = await openCheckout(ctx, { licenceId })
  expect(await openCheckout(ctx, { licenceId })).toEqual(first)
  plane.platform.clock.set(first.expiresAt - 60_000)
  const second = await openCheckout(ctx, { licenceId })
  expect(second.sessionId).not.toBe(first.sessionId)
  const old = await ctx.stripe.checkout.sessions.retrieve(first.sessionId)
  expect(old.status).toBe('expired')
  expect(await plane.read(licenceId)).toMatchObject({ checkoutCount: 2, checkout: { sessionId: second.sessionId } })
})

it('goes back to draft when nobody pays, and says so when somebody just has', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const ctx = plane.billing()
  await openCheckout(ctx, { licenceId })
  plane.platform.clock.advance(25 * 3600)
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'draft' })
  const { url } = await openCheckout(ctx, { licenceId })
  await plane.pay(url)
  await expect(openCheckout(ctx, { licenceId })).rejects.toMatchObject({ code: 'billing.checkout_completed' })
  await plane.run()
  await expect(openCheckout(ctx, { licenceId })).rejects.toMatchObject({ code: 'licence.wrong_state' })
})

it('asks under another key after an answer that failed, and under the same one after silence', async () => {
  const faults: ('after' | 'lost_before' | 'none')[] = []
  plane = await billingPlane({
    faults: {
      api: ({ method, path }) => (method === 'POST' && path.includes('sessions') ? (faults.shift() ?? 'none') : 'none'),
    },
  })
  const { licenceId } = await plane.licence()
  const ctx = plane.billing()
  faults.push('after', 'after', 'after')
  await expect(openCheckout(ctx, { licenceId })).rejects.toThrow('')
  faults.length = 0
  expect(await plane.read(licenceId)).toMatchObject({ state: 'draft', checkoutCount: 1 })
  faults.push('lost_before', 'lost_before', 'lost_before')
  await expect(openCheckout(ctx, { licenceId })).rejects.toThrow('')
  faults.length = 0
  expect(await plane.read(licenceId)).toMatchObject({ state: 'draft', checkoutCount: 1 })
  await openCheckout(ctx, { licenceId })
  expect(await plane.read(licenceId)).toMatchObject({ state: 'checkout_pending', checkoutCount: 2 })
})

it('takes tax only where a registration is active', async () => {
  plane = await billingPlane()
  const ctx = plane.billing()
  const first = await openCheckout(ctx, { licenceId: (await plane.licence()).licenceId })
  expect((await ctx.stripe.checkout.sessions.retrieve(first.sessionId)).automatic_tax.enabled).toBe(false)
  await ctx.stripe.tax.registrations.create({
    country: 'DE',
    country_options: { de: { type: 'standard', standard: { place_of_supply_scheme: 'standard' } } },
    active_from: 'now',
  })
  const other = await plane.licence({ domainName: 'second.example.com' })
  const second = await openCheckout(ctx, { licenceId: other.licenceId })
  expect((await ctx.stripe.checkout.sessions.retrieve(second.sessionId)).automatic_tax.enabled).toBe(true)
})

it('is nobody else’s: another licensee’s licence does not exist', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const ctx = { ...plane.billing(), scope: { kind: 'licensee', licenseeId: 'lcs_other' } } as const
  await expect(openCheckout(ctx, { licenceId })).rejects.toMatchObject({ code: 'licence.not_found' })
})

it('is refused for a licensee of the other mode', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  await openCheckout(plane.billing(), { licenceId })
  const ctx = plane.billing()
  const live = { ...ctx, stripeSettings: { ...ctx.stripeSettings, isLivemode: true } }
  await expect(openCheckout(live, { licenceId })).rejects.toMatchObject({ code: 'billing.wrong_mode' })
})

it('gives out no page that it has closed: whoever changed the licence meanwhile makes the next one another', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  let transactions = 0
  const ports = aroundPorts(plane.platform, async (_port, verb, act) => {
    if (verb === 'transact') transactions += 1
    // The customer's row was the first.
    if (verb === 'transact' && transactions === 2) await suspendLicence(plane.billing(), { licenceId, reason: 'spam' })
    return act()
  })
  await expect(openCheckout(plane.billing({ ports }), { licenceId })).rejects.toMatchObject({
    code: 'licence.changed_meanwhile',
  })
  const { sessionId } = await openCheckout(plane.billing(), { licenceId })
  const { stripe } = plane.billing()
  expect(await stripe.checkout.sessions.retrieve(sessionId)).toMatchObject({ status: 'open' })
})
