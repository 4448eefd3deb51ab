import { afterEach, expect, it } from 'vitest'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { invoiceLicence } from './invoice-licence.ts'
import { listInvoices } from './list-invoices.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

it('an invoice that is sent takes tax where a registration is active, and asks for the address it depends on', async () => {
  plane = await billingPlane()
  const { licenceId, licenseeId } = await plane.licence()
  const ctx = plane.billing()
  await ctx.stripe.tax.registrations.create({
    country: 'DE',
    country_options: { de: { type: 'standard', standard: { place_of_supply_scheme: 'standard' } } },
    active_from: 'now',
  })
  await expect(invoiceLicence(ctx, { licenceId })).rejects.toMatchObject({ code: 'billing.no_address' })
  expect((await ctx.stripe.subscriptions.list({})).data).toEqual([])
  const { stripeCustomerId = '' } = await getLicensee(ctx, licenseeId)
  await ctx.stripe.customers.update(stripeCustomerId, { address: { country: 'DE', postal_code: '10115' } })
  await invoiceLicence(ctx, { licenceId })
  expect((await ctx.stripe.subscriptions.list({})).data).toMatchObject([{ automatic_tax: { enabled: true } }])
  const [invoice] = await listInvoices(ctx, { licenseeId })
  expect(invoice?.status).toBe('open')
  expect(invoice?.totalCents).toBeGreaterThan(99_500)
})
