import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { findExport, makeAskedExport } from './export-tenant.ts'

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
  await makeAskedExport({ ...plane.ctxOf(), textSigner }, { tenantId, exportId: 'run_1' })
  const made = await findExport(plane.ctxOf(), tenantId, 'run_1')
  expect(texts).toEqual([`convoke-export-v1\n${made?.manifest ?? ''}`])
})
