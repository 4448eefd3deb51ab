import { afterEach, describe, expect, it } from 'vitest'
import { domainClaimDelete } from '#control-plane/core/domain/domain-claim.ts'
import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { invoiceLicence } from './invoice-licence.ts'
import { openCheckout } from './open-checkout.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

const WAYS: { readonly [name: string]: (licence: Licence) => Promise<unknown> } = {
  'by checkout': (licence) => openCheckout(plane.billing(), licence),
  'by invoice': (licence) => invoiceLicence(plane.billing(), licence),
  'without charge': ({ licenceId }) => grantComplimentary(plane.billing(), { licenceId, reason: 'partner' }),
}

describe.each(Object.entries(WAYS))('nothing is sold %s', (_, sell) => {
  it('for a domain that is claimed for another', async () => {
    plane = await billingPlane()
    const licence = await plane.licence()
    await plane.platform.table.write(domainClaimDelete(licence.domainName, licence.tenantId))
    await expect(sell(licence)).rejects.toMatchObject({ code: 'tenant.wrong_state' })
    expect(await plane.read(licence.licenceId)).toMatchObject({ state: 'draft', version: licence.version })
  })

  it('for a tenant that is being removed', async () => {
    plane = await billingPlane()
    const licence = await plane.licence()
    const tenant = await getTenant(plane.billing(), licence.tenantId)
    const after = { ...tenant, state: 'export_preparing', version: tenant.version + 1 } as const
    await plane.platform.table.write(tenantWrite(tenant, after))
    await expect(sell(licence)).rejects.toMatchObject({ code: 'tenant.wrong_state' })
    expect((await plane.billing().stripe.subscriptions.list({})).data).toEqual([])
  })
})
