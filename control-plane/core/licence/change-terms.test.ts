import { afterEach, expect, it } from 'vitest'
import { writeLicenceFile } from '#control-plane/provisioning/follow-licence.ts'
import type { LicencePayload } from '#shared/contracts/licence-file.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import { termsAfter } from './change-terms.ts'

let api: ControlApiInMemory
afterEach(() => api.close())

async function soldLicence() {
  api = await controlApiInMemory()
  const { licenseeId } = await api.licensee('Acme')
  const vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
  const owner = await api.key({ kind: 'licensee', licenseeId }, 'owner')
  const body = { domain_name: 'invites.example.com', licensee_id: licenseeId }
  const tenant = await api.call('/v1/tenants', { method: 'POST', key: vendor, body })
  return { vendor, owner, tenantId: String(tenant.body.id), path: `/v1/licences/${String(tenant.body.licence_id)}` }
}

it('changes what is named, keeps the rest, and the licence file says so', async () => {
  const { vendor, owner, path, tenantId } = await soldLicence()
  const body = {
    reason: 'agreed',
    limits: { invitesPerEvent: 20_000, sendsPerDay: 5000 },
    entitlements: { support: false },
  }
  expect(await api.call(`${path}/terms`, { method: 'POST', key: vendor, body })).toMatchObject({
    status: 200,
    body: {
      limits: { invitesPerEvent: 20_000, sendsPerDay: 5000 },
      entitlements: { support: false, analytics: true },
    },
  })
  const again = { reason: 'agreed', limits: { sendsPerDay: null } }
  const { body: changed } = await api.call(`${path}/terms`, { method: 'POST', key: vendor, body: again })
  expect(changed.limits).toEqual({ invitesPerEvent: 20_000 })
  const payloads: LicencePayload[] = []
  const licenceSigner = {
    sign(payload: LicencePayload) {
      payloads.push(payload)
      return { kid: 'k1', payload: 'e30', signature: 'a'.repeat(86) }
    },
  }
  await writeLicenceFile({ ...(await api.engine()), licenceSigner }, { tenantId })
  expect(payloads).toMatchObject([
    {
      limits: { invitesPerEvent: 20_000 },
      entitlements: { support: false, analytics: true },
    },
  ])
  expect(await api.plane.takeAll('licence-changed')).not.toEqual([])
  const audit = await api.call('/v1/audit', { key: owner })
  expect(audit.text).toContain('licence.terms_changed')
})

it('is the vendor’s alone, with a reason, in known names', async () => {
  const { vendor, owner, path } = await soldLicence()
  const ask = async (key: string, body: unknown) =>
    (await api.call(`${path}/terms`, { method: 'POST', key, body })).status
  expect(await ask(owner, { reason: 'more', limits: { sendsPerDay: 1 } })).toBe(403)
  expect(await ask(vendor, { limits: { sendsPerDay: 1 } })).toBe(422)
  expect(await ask(vendor, { reason: 'x' })).toBe(422)
  expect(await ask(vendor, { reason: 'x', limits: { sends: 1 } })).toBe(422)
  expect(await ask(vendor, { reason: 'x', limits: { sendsPerDay: 0 } })).toBe(422)
  expect(await ask(vendor, { reason: 'x', entitlements: { analytics: true } })).toBe(409)
})

it('takes a bound away and leaves what it does not name', () => {
  const before = { limits: { invitesPerEvent: 1, sendsPerDay: 2 }, entitlements: { support: true } }
  expect(termsAfter(before, { limits: { sendsPerDay: null } })).toEqual({
    limits: { invitesPerEvent: 1 },
    entitlements: { support: true },
  })
})
