import { afterEach, expect, it } from 'vitest'
import { openCheckout } from '#control-plane/billing/open-checkout.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { aroundPorts } from '#test/harness/platform/around-ports.ts'
import { auditPartition } from '../audit/audit.ts'
import { getTenant, tenantWrite } from '../tenant/tenant-store.ts'
import { lookAtLicence } from './look-at-licence.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

async function bought() {
  plane = await billingPlane()
  const licence = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId: licence.licenceId })
  await plane.pay(url)
  await plane.run()
  return licence
}

it('closes the licence of a tenant that is gone, and ends its subscription', async () => {
  const { licenceId, tenantId } = await bought()
  const tenant = await getTenant(plane.ctxOf(), tenantId)
  const deleted = { ...tenant, state: 'deleted', version: tenant.version + 1 } as const
  await plane.platform.table.write(tenantWrite(tenant, deleted))
  await lookAtLicence(plane.billing(), { licenceId })
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'closed' })
  const { data } = await plane.billing().stripe.subscriptions.list({ status: 'all' })
  expect(data.map(({ status }) => status)).toEqual(['canceled'])
})

it('writes an audit row for every transition, with who did it', async () => {
  const { licenseeId } = await bought()
  const { items } = await plane.platform.table.query({ pk: auditPartition(licenseeId), limit: 100 })
  const rows = items.filter(({ action }) => typeof action === 'string' && action.startsWith('licence.'))
  expect(rows).toMatchObject([
    { action: 'licence.checkout_opened', actor: { type: 'vendor', role: 'vendor_admin' } },
    { action: 'licence.paid', actor: { type: 'system', id: 'stripe' } },
  ])
})

it('after years of silence walks to where the licence is now, with the mails of today alone', async () => {
  plane = await billingPlane({ isDelivered: (type) => type === 'checkout.session.completed' })
  const { licenceId } = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url, '4000000000000341')
  await plane.run()
  plane.platform.clock.advance(800 * 86_400)
  // The calendar alone: of Stripe nothing is asked and nothing heard.
  await lookAtLicence(plane.billing(), { licenceId })
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'suspended' })
  expect(await plane.subjects()).toEqual(['calendar.example.com is suspended until it is paid'])
})

it('forgets nothing whose time comes while it looks', async () => {
  const { licenceId } = await bought()
  const { clock } = plane.platform
  const reminder = Date.UTC(2027, 2, 2, 9) - 30 * 86_400_000
  clock.set(reminder - 1)
  let transactions = 0
  const ports = aroundPorts(plane.platform, async (_port, verb, act) => {
    const result = await act()
    if (verb === 'transact') transactions += 1
    // The state has moved, and the reminder of 45 days is planned.
    if (verb === 'transact' && transactions === 2) clock.set(reminder + 1)
    return result
  })
  await lookAtLicence(plane.billing({ ports }), { licenceId })
  await plane.run()
  expect(await plane.subjects()).toHaveLength(2)
})
