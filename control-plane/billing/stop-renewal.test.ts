import { afterEach, expect, it } from 'vitest'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

async function bought(card?: string) {
  plane = await billingPlane()
  const licence = await plane.licence()
  const { url } = await openCheckout(plane.billing(), licence)
  await plane.pay(url, card)
  await plane.run()
  return licence
}

async function retains(tenantId: string): Promise<void> {
  const tenant = await getTenant(plane.ctxOf(), tenantId)
  await plane.platform.table.write(tenantWrite(tenant, { ...tenant, state: 'retained', version: tenant.version + 1 }))
}

it('charges nobody for another year of what was removed in the last one', async () => {
  const { licenceId, tenantId } = await bought()
  plane.platform.clock.set(Date.UTC(2027, 1, 20, 9))
  await plane.run()
  await retains(tenantId)
  await lookAtLicence(plane.billing(), { licenceId })
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'renewal_due', isCancelScheduled: true })
  plane.platform.clock.set(Date.UTC(2027, 2, 3, 9))
  await plane.run()
  expect((await plane.billing().stripe.charges.list({})).data).toHaveLength(1)
})

it('lets no retry collect what was removed before it was paid', async () => {
  const { licenceId, tenantId } = await bought('4000000000000341')
  plane.platform.clock.set(Date.UTC(2027, 2, 2, 9))
  await plane.run(2)
  expect(await plane.read(licenceId)).toMatchObject({ state: 'past_due' })
  await retains(tenantId)
  await lookAtLicence(plane.billing(), { licenceId })
  await plane.run()
  expect((await plane.billing().stripe.subscriptions.list({ status: 'all' })).data).toMatchObject([
    { status: 'canceled' },
  ])
  expect(await plane.read(licenceId)).toMatchObject({ state: 'suspended' })
})
