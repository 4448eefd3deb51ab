import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { scheduleCancel } from './cancel-licence.ts'
import { grantLicence } from './grant-licence.ts'
import { invoiceLicence } from './invoice-licence.ts'
import { openCheckout } from './open-checkout.ts'

let plane: BillingPlane
let licenceId: string
beforeEach(async () => {
  plane = await billingPlane()
  licenceId = (await plane.licence()).licenceId
})
afterEach(() => plane.platform.close())

const owner = () => plane.billing({ actor: { type: 'licensee', id: 'usr_1', role: 'owner' } })
const vendor = () => plane.billing({ actor: { type: 'vendor', id: 'usr_v', role: 'vendor_admin' } })
const subscriptions = async () => (await plane.billing().stripe.subscriptions.list({ status: 'all' })).data
const granting = () => ({ licenceId, reason: 'a partner' })

describe('an order that nobody has paid', () => {
  it('is taken back by its owner: its page is closed, and the domain can be bought again', async () => {
    const { url, sessionId } = await openCheckout(owner(), { licenceId })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'checkout_pending' })
    expect(await scheduleCancel(owner(), { licenceId })).toMatchObject({ state: 'draft' })
    await plane.run()
    expect(await plane.billing().stripe.checkout.sessions.retrieve(sessionId)).toMatchObject({ status: 'expired' })
    expect((await plane.pay(url)).status).not.toBe(303)
    const again = await openCheckout(owner(), { licenceId })
    await plane.pay(again.url)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', billing: 'checkout' })
  })

  it('on an invoice is taken back with it: nothing is left that could be paid', async () => {
    await invoiceLicence(vendor(), { licenceId })
    await plane.run()
    expect(await scheduleCancel(owner(), { licenceId })).toMatchObject({ state: 'draft' })
    await plane.run()
    expect((await subscriptions()).map(({ status }) => status)).toEqual(['canceled'])
    const { data } = await plane.billing().stripe.invoices.list({})
    expect(data.map(({ status }) => status)).toEqual(['void'])
    expect(await plane.read(licenceId)).toMatchObject({ state: 'draft' })
  })

  it('that was paid while it was being taken back stays paid', async () => {
    const { url } = await openCheckout(owner(), { licenceId })
    await plane.pay(url)
    await expect(scheduleCancel(owner(), { licenceId })).rejects.toMatchObject({
      code: expect.stringMatching(/^(billing.checkout_completed|licence.wrong_state)$/),
    })
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active' })
  })

  it('is replaced by a gift, and cannot be paid on top of it', async () => {
    const { url } = await openCheckout(owner(), { licenceId })
    await plane.run()
    expect(await grantLicence(vendor(), granting())).toMatchObject({ state: 'active', billing: 'complimentary' })
    expect((await plane.pay(url)).status).not.toBe(303)
    await plane.run()
    expect(await plane.read(licenceId)).toMatchObject({ state: 'active', billing: 'complimentary' })
    expect(await subscriptions()).toEqual([])
  })
})
