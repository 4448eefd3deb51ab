import { afterEach, describe, expect, it } from 'vitest'
import type { Actor } from '#control-plane/core/actor.ts'
import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import { liftSuspension, suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { scheduleCancel, undoCancel } from './cancel-licence.ts'
import { invoiceLicence } from './invoice-licence.ts'
import { listInvoices } from './list-invoices.ts'
import { openCheckout } from './open-checkout.ts'
import { refundLicence } from './refund-licence.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

const owner: Actor = { type: 'licensee', id: 'usr_1', role: 'owner' }
const viewer: Actor = { type: 'licensee', id: 'usr_2', role: 'viewer' }

async function bought(card?: string): Promise<string> {
  plane = await billingPlane()
  return buy(card)
}

async function buy(card?: string): Promise<string> {
  const { licenceId } = await plane.licence()
  const { url } = await openCheckout(plane.billing({ actor: owner }), { licenceId })
  await plane.pay(url, card)
  await plane.run()
  return licenceId
}

const subscriptions = async () => (await plane.billing().stripe.subscriptions.list({ status: 'all' })).data

describe('cancelling', () => {
  it('keeps a paid licence until the end of its period, can be taken back, and then ends it', async () => {
    const licenceId = await bought()
    const ctx = plane.billing({ actor: owner })
    await scheduleCancel(ctx, { licenceId, reason: 'moving' })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', isCancelScheduled: true })
    await undoCancel(ctx, { licenceId })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', isCancelScheduled: false })
    await scheduleCancel(ctx, { licenceId })
    await expect(scheduleCancel(ctx, { licenceId })).rejects.toMatchObject({ code: 'licence.wrong_state' })
    plane.platform.clock.set(Date.UTC(2027, 1, 25, 9))
    await plane.run(10)
    expect(await plane.read(licenceId)).toMatchObject({ state: 'suspended', isCancelScheduled: true })
    expect(await plane.subjects()).toEqual([
      'The licence of calendar.example.com ends on 2027-03-02, as you asked',
      'The licence of calendar.example.com has ended, as you asked',
    ])
  })

  it('by a date, as the portal does, can be taken back too', async () => {
    const licenceId = await bought()
    const { stripe } = plane.billing()
    const [one] = await subscriptions()
    await stripe.subscriptions.update(one?.id ?? '', { cancel_at: Date.UTC(2027, 2, 2, 9) / 1000 })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ isCancelScheduled: true })
    await undoCancel(plane.billing({ actor: owner }), { licenceId })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', isCancelScheduled: false })
    expect(await subscriptions()).toMatchObject([{ cancel_at: null }])
  })

  it('while past due stops the retries, voids the invoice and ends at once; the licence can be bought again', async () => {
    const licenceId = await bought('4000000000000341')
    plane.platform.clock.set(Date.UTC(2027, 2, 2, 9))
    await plane.run(2)
    expect(await plane.read(licenceId)).toMatchObject({ state: 'past_due' })
    await scheduleCancel(plane.billing({ actor: owner }), { licenceId })
    await plane.run(5)
    expect(await plane.read(licenceId)).toMatchObject({ state: 'suspended', isCancelScheduled: true })
    expect((await subscriptions()).map(({ status }) => status)).toEqual(['canceled'])
    const { licenseeId } = await plane.read(licenceId)
    const [newest] = await listInvoices(plane.billing(), { licenseeId })
    expect(newest?.status).toBe('void')
    const { url } = await openCheckout(plane.billing({ actor: owner }), { licenceId })
    await plane.pay(url)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({
      state: 'active',
      isCancelScheduled: false,
      paidThrough: plane.platform.clock.now() + 366 * 86_400_000,
    })
  })
})

describe('giving back', () => {
  it('a whole payment within the days granted ends the licence and its subscription, once whoever asks how often', async () => {
    const licenceId = await bought()
    const ctx = plane.billing({ actor: owner })
    await expect(refundLicence(plane.billing({ actor: viewer }), { licenceId, reason: 'no' })).rejects.toMatchObject({
      code: 'licence.wrong_state',
    })
    const refund = await refundLicence(ctx, { licenceId, reason: 'not needed' })
    expect(refund).toMatchObject([{ state: 'done', amountCents: 99_500 }])
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'refunded', paidThrough: plane.platform.clock.now() })
    await expect(refundLicence(ctx, { licenceId, reason: 'again' })).rejects.toMatchObject({
      code: 'billing.nothing_to_refund',
    })
    const { stripe } = plane.billing()
    expect((await stripe.refunds.list({})).data).toHaveLength(1)
    expect((await subscriptions()).map(({ status }) => status)).toEqual(['canceled'])
    plane.platform.clock.advance(60 * 86_400)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'expired' })
  })

  it('after those days is the vendor’s to do, and a part of it changes nothing', async () => {
    const licenceId = await bought()
    plane.platform.clock.advance(15 * 86_400)
    const reason = 'late'
    await expect(refundLicence(plane.billing({ actor: owner }), { licenceId, reason })).rejects.toMatchObject({
      code: 'billing.refund_period_over',
    })
    await refundLicence(plane.billing(), { licenceId, reason, amountCents: 10_000 })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active' })
    expect(await refundLicence(plane.billing(), { licenceId, reason })).toMatchObject([{ amountCents: 89_500 }])
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'refunded' })
  })
})

describe('a dispute', () => {
  it.each([
    ['won', 'active'],
    ['lost', 'refunded'],
  ] as const)('freezes the licence and, when %s, leaves it %s', async (outcome, state) => {
    const licenceId = await bought()
    const { stripe } = plane.billing()
    const [charge] = (await stripe.charges.list({})).data
    const disputeId = await plane.double.control.openDispute(charge?.id ?? '')
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'disputed', dispute: { disputeId } })
    await expect(scheduleCancel(plane.billing({ actor: owner }), { licenceId })).rejects.toMatchObject({
      code: 'licence.wrong_state',
    })
    await plane.double.control.closeDispute(disputeId, outcome)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state })
    expect(await plane.subjects()).toContain('The payment for calendar.example.com is disputed')
  })
})

it('a dispute of last year that is lost does not take away the year that was paid since', async () => {
  const licenceId = await bought()
  plane.platform.clock.set(Date.UTC(2027, 1, 20, 9))
  await plane.run()
  const [charge] = (await plane.billing().stripe.charges.list({})).data
  const disputeId = await plane.double.control.openDispute(charge?.id ?? '')
  await plane.run()
  plane.platform.clock.set(Date.UTC(2027, 2, 2, 12))
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'disputed', paidThrough: Date.UTC(2028, 2, 2, 9) })
  await plane.double.control.closeDispute(disputeId, 'lost')
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: Date.UTC(2028, 2, 2, 9) })
})

describe('an invoice', () => {
  it('makes a trusted licensee’s licence work when it is sent, and takes it back when it is not paid', async () => {
    plane = await billingPlane()
    const { licenceId, licenseeId } = await plane.licence({ isTrusted: true })
    const licence = await invoiceLicence(plane.billing(), { licenceId, poNumber: 'PO-1' })
    expect(licence).toMatchObject({
      state: 'active',
      billing: 'invoice',
      creditThrough: plane.platform.clock.now() + 30 * 86_400_000,
    })
    expect(licence.paidThrough).toBeUndefined()
    const [invoice] = await listInvoices(plane.billing(), { licenseeId })
    expect(invoice).toMatchObject({ status: 'open', totalCents: 99_500, licenceId })
    plane.platform.clock.advance(31 * 86_400)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'past_due' })
    await plane.billing().stripe.invoices.pay(invoice?.invoiceId ?? '', { paid_out_of_band: true })
    await plane.run()
    const paid = await plane.read(licenceId)
    expect(paid).toMatchObject({ state: 'active', paidThrough: Date.UTC(2027, 2, 2, 9) })
    expect(paid.creditThrough).toBeUndefined()
  })

  it('makes anybody else’s licence work when it is paid; asked for twice, there is one', async () => {
    plane = await billingPlane()
    const { licenceId, licenseeId } = await plane.licence()
    await invoiceLicence(plane.billing(), { licenceId })
    await invoiceLicence(plane.billing(), { licenceId })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'checkout_pending', billing: 'invoice' })
    expect(await subscriptions()).toHaveLength(1)
    const [invoice] = await listInvoices(plane.billing(), { licenseeId })
    await plane.billing().stripe.invoices.pay(invoice?.invoiceId ?? '', { paid_out_of_band: true })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: Date.UTC(2027, 2, 2, 9) })
  })
})

describe('without charge', () => {
  it('a licence has an end and the same tail, and can be bought meanwhile', async () => {
    plane = await billingPlane()
    const { licenceId } = await plane.licence()
    await expect(
      grantComplimentary(plane.billing({ actor: owner }), { licenceId, reason: 'me' }),
    ).rejects.toMatchObject({ code: 'licence.wrong_state' })
    await grantComplimentary(plane.billing(), { licenceId, reason: 'partner' })
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: Date.UTC(2027, 2, 2, 9) })
    plane.platform.clock.set(Date.UTC(2027, 1, 28, 9))
    await plane.run(3)
    expect(await plane.read(licenceId)).toMatchObject({ state: 'grace', billing: 'complimentary' })
    const { url } = await openCheckout(plane.billing({ actor: owner }), { licenceId })
    await plane.pay(url)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({
      state: 'active',
      billing: 'checkout',
      paidThrough: Date.UTC(2028, 2, 3, 9),
    })
  })

  it('a hold for abuse stands beside what is paid', async () => {
    const licenceId = await bought()
    await suspendLicence(plane.billing(), { licenceId, reason: 'spam' })
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', isAbuseHeld: true })
    await liftSuspension(plane.billing(), { licenceId, reason: 'mended' })
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', isAbuseHeld: false })
  })
})
