import { afterEach, expect, it } from 'vitest'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'
import { nameOf } from './read-stripe.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

async function leaves(tenantId: string, state: Tenant['state']): Promise<void> {
  const tenant = await getTenant(plane.ctxOf(), tenantId)
  await plane.platform.table.write(tenantWrite(tenant, { ...tenant, state, version: tenant.version + 1 }))
}

async function opened() {
  plane = await billingPlane()
  const licence = await plane.licence()
  const { url, sessionId } = await openCheckout(plane.billing(), licence)
  await plane.run()
  return { ...licence, url, sessionId }
}

const refunds = async () => (await plane.billing().stripe.refunds.list({})).data.map(({ amount }) => amount)
const statuses = async () =>
  (await plane.billing().stripe.subscriptions.list({ status: 'all' })).data.map(({ status }) => status)

for (const state of ['deprovisioning', 'retained', 'deleted'] as const) {
  it(`a page that is open is closed when its tenant is ${state}`, async () => {
    const { licenceId, tenantId, sessionId, url } = await opened()
    await leaves(tenantId, state)
    await lookAtLicence(plane.billing(), { licenceId })
    await plane.run()
    expect(await plane.billing().stripe.checkout.sessions.retrieve(sessionId)).toMatchObject({ status: 'expired' })
    expect(await plane.read(licenceId)).not.toHaveProperty('checkout')
    expect((await plane.pay(url)).status).not.toBe(303)
  })

  it(`what is paid all the same after its tenant is ${state} goes back whole, and both are told`, async () => {
    const { licenceId, tenantId, url } = await opened()
    await leaves(tenantId, state)
    await plane.pay(url)
    await plane.run()
    await plane.run(2)
    expect(await refunds()).toEqual([99_500])
    expect(await statuses()).toEqual(['canceled'])
    const licence = await plane.read(licenceId)
    expect(licence).toMatchObject({ state: state === 'deleted' ? 'closed' : 'draft' })
    expect(licence).not.toHaveProperty('paidThrough')
    expect((await plane.subjects()).toSorted()).toEqual([
      'Your payment for calendar.example.com is given back',
      'calendar.example.com was paid after it had ended',
    ])
  })
}

it('an invoice that is paid for a tenant that is gone goes back too', async () => {
  plane = await billingPlane()
  const { licenceId, tenantId } = await plane.licence()
  await plane.pay((await openCheckout(plane.billing(), { licenceId })).url, '4000000000000341')
  await plane.run()
  plane.platform.clock.set(Date.UTC(2027, 2, 2, 9))
  await plane.run(2)
  const { stripe } = plane.billing()
  const [invoice] = (await stripe.invoices.list({ status: 'open' })).data
  await leaves(tenantId, 'retained')
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: nameOf(invoice?.customer) ?? '' })
  await stripe.invoices.pay(invoice?.id ?? '', { payment_method: method.id })
  await plane.run(1)
  expect(await refunds()).toEqual([99_500])
  expect(await statuses()).toEqual(['canceled'])
  expect(await plane.subjects()).toContain('Your payment for calendar.example.com is given back')
})
