import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { readClaimRegistry, releaseClaim } from '../domain/claim-registry.ts'
import { getLicence, listLicences } from '../licence/licence-store.ts'
import { getLicensee, licenseeWrite, listLicensees } from '../licensee/licensee-store.ts'
import { registerLicensee } from '../licensee/register-licensee.ts'
import { registerTenant } from './register-tenant.ts'
import { getTenant, listTenants } from './tenant-store.ts'

let plane: ControlPlaneInMemory

beforeEach(async () => {
  plane = await controlPlaneInMemory()
})
afterEach(() => plane.platform.close())

const wish = {
  domainName: 'invites.example.com',
  registrableName: 'example.com',
  placement: 'cell',
  dnsMode: 'delegated',
  region: 'us-east-1',
} as const

async function twoLicensees() {
  const ctx = plane.ctxOf()
  const mine = await registerLicensee(ctx, { name: 'Acme', billingEmail: 'pay@example.com' })
  const other = await registerLicensee(ctx, { name: 'Bolt', billingEmail: 'pay@example.org' })
  const of = (licenseeId: string) => plane.ctxOf({ scope: { kind: 'licensee', licenseeId } })
  return { ctx, mine, other, of }
}

it('claims the domain once, whoever comes second', async () => {
  const { ctx, mine, other } = await twoLicensees()
  const { tenant, licence, claim } = await registerTenant(ctx, { ...wish, licenseeId: mine.licenseeId })
  expect(tenant).toMatchObject({ state: 'registered', licenceId: licence.licenceId })
  expect(licence).toMatchObject({ state: 'draft', tenantId: tenant.tenantId, domainName: 'invites.example.com' })
  expect(claim.token).not.toBe('')
  await expect(registerTenant(ctx, { ...wish, licenseeId: other.licenseeId })).rejects.toMatchObject({
    code: 'tenant.proof_needed',
    message: expect.stringMatching(/^invites\.example\.com is claimed by another customer/),
  })
  await expect(registerTenant(ctx, { ...wish, licenseeId: mine.licenseeId })).rejects.toMatchObject({
    code: 'tenant.domain_taken',
    message: `invites.example.com is yours already: it belongs to tenant ${tenant.tenantId}.`,
  })
  expect((await listTenants(ctx, { limit: 10 })).tenants).toHaveLength(1)
})

it('lets one of two simultaneous claims through', async () => {
  const { ctx, mine, other } = await twoLicensees()
  const results = await Promise.allSettled(
    [mine, other, mine, other].map(({ licenseeId }) => registerTenant(ctx, { ...wish, licenseeId })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results)
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({
        code: expect.stringMatching(/^tenant\.(domain_taken|proof_needed|changed_meanwhile)$/),
      })
})

it('refuses a name above or below another’s, says what to do and never whose it is', async () => {
  const { ctx, mine, other } = await twoLicensees()
  await registerTenant(ctx, { ...wish, licenseeId: mine.licenseeId })
  for (const [domainName, words] of [
    ['example.com', 'A name below example.com is claimed'],
    ['a.invites.example.com', 'A name above a.invites.example.com is claimed'],
  ] as const) {
    const refused = registerTenant(ctx, { ...wish, domainName, licenseeId: other.licenseeId })
    await expect(refused).rejects.toMatchObject({
      code: 'tenant.proof_needed',
      status: 409,
      message: expect.stringContaining(words),
    })
    await expect(refused).rejects.not.toThrow(new RegExp(`Acme|${mine.licenseeId}`))
  }
  await registerTenant(ctx, { ...wish, domainName: 'example.com', licenseeId: mine.licenseeId })
  await registerTenant(ctx, { ...wish, domainName: 'xinvites.example.com', licenseeId: mine.licenseeId })
})

it('gives a claim back with its place in the registry, once, and only the tenant’s own', async () => {
  const { ctx, mine, other } = await twoLicensees()
  const { tenant, claim } = await registerTenant(ctx, { ...wish, licenseeId: mine.licenseeId })
  const { domainName } = claim
  expect(await releaseClaim(ctx, { domainName, tenantId: 'ten_other' })).toEqual([])
  const release = await releaseClaim(ctx, { domainName, tenantId: tenant.tenantId })
  await ctx.table.transact(release)
  await expect(ctx.table.transact(release)).rejects.toMatchObject({ code: 'table.condition_failed' })
  expect(await releaseClaim(ctx, { domainName, tenantId: tenant.tenantId })).toEqual([])
  const registry = await readClaimRegistry(ctx, 'example.com')
  expect(registry).toMatchObject({ claims: [], version: 2 })
  await registerTenant(ctx, { ...wish, domainName: 'example.com', licenseeId: other.licenseeId })
})

it('hides another licensee’s tenant, licence and row exactly as if they did not exist', async () => {
  const { ctx, mine, other, of } = await twoLicensees()
  const { tenant, licence } = await registerTenant(ctx, { ...wish, licenseeId: mine.licenseeId })
  const stranger = of(other.licenseeId)
  const refusals = await Promise.allSettled([
    getTenant(stranger, tenant.tenantId),
    getTenant(stranger, 'ten_nowhere'),
    getLicence(stranger, licence.licenceId),
    getLicence(stranger, 'lic_nowhere'),
    getLicensee(stranger, mine.licenseeId),
    getLicensee(stranger, 'lcs_nowhere'),
    registerTenant(stranger, { ...wish, domainName: 'x.example.com', licenseeId: mine.licenseeId }),
  ])
  const words = refusals.map((refusal) => (refusal.status === 'rejected' ? String(refusal.reason) : 'let in'))
  expect(words).toEqual([
    'Failure: There is no such tenant.',
    'Failure: There is no such tenant.',
    'Failure: There is no such licence.',
    'Failure: There is no such licence.',
    'Failure: There is no such licensee.',
    'Failure: There is no such licensee.',
    'Failure: There is no such licensee.',
  ])
  expect(await listTenants(stranger, { limit: 10, licenseeId: mine.licenseeId })).toEqual({ tenants: [] })
  expect(await listLicences(stranger, { limit: 10, licenseeId: mine.licenseeId })).toEqual({ licences: [] })
  const own = of(mine.licenseeId)
  expect(await getTenant(own, tenant.tenantId)).toEqual(tenant)
  expect(await getLicence(own, licence.licenceId)).toEqual(licence)
})

it('pages licensees by name and finds them by the beginning of it', async () => {
  const { ctx } = await twoLicensees()
  await registerLicensee(ctx, { name: 'acorn', billingEmail: 'x@example.com' })
  const first = await listLicensees(ctx, { limit: 2 })
  expect(first.licensees.map(({ name }) => name)).toEqual(['Acme', 'acorn'])
  const rest = await listLicensees(ctx, { limit: 2, ...(first.next === undefined ? {} : { after: first.next }) })
  expect(rest.licensees.map(({ name }) => name)).toEqual(['Bolt'])
  expect((await listLicensees(ctx, { limit: 9, namePrefix: 'AC' })).licensees.map(({ name }) => name)).toEqual([
    'Acme',
    'acorn',
  ])
})

it('lets one of two writers of the same version win', async () => {
  const { ctx, mine } = await twoLicensees()
  const write = licenseeWrite(mine, { ...mine, name: 'Acme II', version: 2 })
  await ctx.table.write(write)
  await expect(ctx.table.write(write)).rejects.toMatchObject({ code: 'table.condition_failed' })
  expect((await getLicensee(ctx, mine.licenseeId)).name).toBe('Acme II')
})
