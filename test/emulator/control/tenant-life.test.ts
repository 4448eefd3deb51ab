import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import type { Placement } from '#control-plane/core/tenant/tenant.ts'
import { drive } from '#test/harness/control/aws-drive.ts'
import { type AwsWorld, openAwsWorld } from '#test/harness/control/aws-world.ts'

let world: AwsWorld
let tenantId = ''
beforeAll(async () => {
  world = await openAwsWorld()
})
afterAll(async () => {
  await world.close()
})

async function payFor(domainName: string, placement: Placement): Promise<string> {
  const ctx = world.ctx()
  const { licenseeId } = await registerLicensee(ctx, { name: domainName, billingEmail: 'owner@example.com' })
  const { tenant, licence } = await registerTenant(ctx, {
    licenseeId,
    domainName,
    registrableName: 'example.com',
    placement,
    dnsMode: 'delegated',
    region: world.estate.region,
  })
  await grantComplimentary(ctx, { licenceId: licence.licenceId, reason: 'test' })
  return tenant.tenantId
}

describe('a tenant in a cell', () => {
  it('lives', async () => {
    tenantId = await payFor('life.example.com', 'cell')
    const tenant = await drive(world, tenantId, ({ tenant: { state, runId } }) => state === 'live' && runId === undefined)
    console.log(tenant, world.plane.platform.clock.now())
  })
})
