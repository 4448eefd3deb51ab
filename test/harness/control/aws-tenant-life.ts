import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { allPoolAccounts } from '#control-plane/core/placement/pool-account.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import type { Placement, Tenant, TenantState } from '#control-plane/core/tenant/tenant.ts'
import { listRuns, readRun } from '#control-plane/provisioning/read-run.ts'
import { tendAccountPool } from '#control-plane/provisioning/tend-account-pool.ts'
import { layBaseline, putIntoSandbox } from './aws-account.ts'
import { drive } from './aws-drive.ts'
import type { AwsWorld } from './aws-world.ts'

/** Registers a licensee and a domain of his, and has its licence paid: what comes then is the engine's. */
export async function payFor(world: AwsWorld, domainName: string, placement: Placement): Promise<Tenant> {
  const ctx = world.ctx()
  const { licenseeId } = await registerLicensee(ctx, { name: domainName, billingEmail: 'owner@example.com' })
  const { tenant } = await registerTenant(ctx, {
    licenseeId,
    domainName,
    registrableName: 'example.com',
    placement,
    dnsMode: 'delegated',
    region: world.estate.region,
  })
  await grantComplimentary(ctx, { licenceId: tenant.licenceId, reason: 'A test of the whole way.' })
  return tenant
}

/** Drives until the tenant is settled in a state. */
export function reach(world: AwsWorld, { tenantId }: Tenant, state: TenantState): Promise<Tenant> {
  return drive(world, tenantId, ({ tenant }) => tenant.state === state && tenant.runId === undefined)
}

/** Steps of all the tenant's runs that are done. */
export async function stepsDone(world: AwsWorld, { tenantId }: Tenant): Promise<number> {
  const { runs } = await listRuns(world.ctx(), { tenantId, limit: 20 })
  const views = await Promise.all(runs.map(({ runId }) => readRun(world.ctx(), { tenantId, runId })))
  return views.reduce((sum, { progress }) => sum + progress.done, 0)
}

const TENDINGS_MAX = 20

/**
 * Tends the pool each minute until an account is ready; new ones get their baseline when they come into the unit, as by a StackSet. Answers
 * the states that the account went through.
 */
export async function fillPool(world: AwsWorld): Promise<readonly string[]> {
  const { organization, estate, plane } = world
  const laid = new Set<string>()
  const states: string[] = []
  for (let count = 0; count < TENDINGS_MAX && states.at(-1) !== 'ready'; count += 1) {
    await tendAccountPool(world.ctx(), { region: estate.region })
    for (const awsAccountId of (await organization.dedicatedAccounts()).filter((one) => !laid.has(one))) {
      laid.add(awsAccountId)
      await putIntoSandbox(estate, awsAccountId)
      await layBaseline(estate, organization, { awsAccountId })
    }
    const [account] = await allPoolAccounts(world.ctx())
    if (account !== undefined && states.at(-1) !== account.state) states.push(account.state)
    plane.platform.clock.advance(60)
  }
  return states
}
