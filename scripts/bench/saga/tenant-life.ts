import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import type { Placement, Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { expectedRecords } from '#control-plane/dns/expected-records.ts'
import { currentStep, loadRun } from '#control-plane/provisioning/run-store.ts'
import { REGION } from './samples.ts'
import type { World } from './world.ts'
import { nsRecords } from './world-dns.ts'

/** Registers a tenant and has its licence paid for a year. */
export async function payFor(
  world: World,
  input: { readonly domainName: string; readonly placement?: Placement; readonly dnsMode?: Tenant['dnsMode'] },
): Promise<{ readonly tenantId: string; readonly licenceId: string }> {
  const ctx = world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })
  const { licenseeId } = await registerLicensee(ctx, { name: input.domainName, billingEmail: 'owner@example.com' })
  const { tenant, licence } = await registerTenant(ctx, {
    licenseeId,
    domainName: input.domainName,
    registrableName: 'example.com',
    placement: input.placement ?? 'cell',
    dnsMode: input.dnsMode ?? 'delegated',
    region: REGION,
  })
  await grantComplimentary(ctx, { licenceId: licence.licenceId, reason: 'bench' })
  return { tenantId: tenant.tenantId, licenceId: licence.licenceId }
}

/** What the licensee does, once, when the wizard asks him: delegates, enters records, or takes the delegation away again. */
export function createLicensee(world: World, tenantId: string): () => Promise<boolean> {
  const done = new Set<string>()
  return async () => {
    const ctx = world.ctxOf()
    const tenant = await getTenant(ctx, tenantId)
    if (tenant.runId === undefined) return false
    const step = currentStep((await loadRun(ctx, tenantId, tenant.runId)).steps)
    const waitsFor = step?.waitsFor ?? ''
    const act = `${step?.name} ${waitsFor}`
    if (step?.status !== 'waiting' || done.has(act)) return false
    const domain = await findDomain(ctx, tenantId)
    if (waitsFor === 'delegation') world.dns.enter(nsRecords(tenant.domainName, domain?.nameServers ?? []))
    else if (waitsFor === 'undelegated') world.dns.removeNs(tenant.domainName)
    else if (waitsFor === 'records') await enterRecords(world, tenant)
    else return false
    done.add(act)
    return true
  }
}

async function enterRecords(world: World, tenant: Tenant): Promise<void> {
  const domain = await findDomain(world.ctxOf(), tenant.tenantId)
  const records = domain?.records.filter(({ state }) => state !== 'ok') ?? []
  world.dns.enter(
    records.flatMap(({ name, type, expected }) =>
      expected.map((value) => ({ name, type: typeOf(type), ttlSeconds: 60, value })),
    ),
  )
}

function typeOf(type: string): ReturnType<typeof expectedRecords>[number]['type'] {
  const known = (['A', 'CAA', 'CNAME', 'MX', 'TXT'] as const).find((one) => one === type)
  if (known === undefined) throw new Error(`nobody enters ${type} by hand`)
  return known
}
