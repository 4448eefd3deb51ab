import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { exportTenant } from './export-tenant.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

it('signs what it gives as an export, so that it is never taken for anything else', async () => {
  plane = await billingPlane()
  const { tenantId } = await plane.licence()
  const texts: string[] = []
  const textSigner = {
    sign: (text: string) => {
      texts.push(text)
      return { kid: 'k1', signature: 'a'.repeat(86) }
    },
  }
  const { manifest } = await exportTenant({ ...plane.ctxOf(), textSigner }, { tenantId })
  expect(texts).toEqual([`convoke-export-v1\n${manifest}`])
})
