import { afterEach, expect, it } from 'vitest'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { lookAtDomain } from '#control-plane/provisioning/look-at-domain.ts'
import type { Table } from '#shared/platform/table.ts'
import { cellInput, REGION } from './samples.ts'
import { payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
import { createWorld, type World } from './world.ts'
import { nsRecords } from './world-dns.ts'

const opened: World[] = []
const domainName = 'invites.example.com'

afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

async function live(): Promise<{ readonly world: World; readonly tenantId: string }> {
  const world = await createWorld()
  opened.push(world)
  const { tenantId } = await payFor(world, { domainName })
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
  return { world, tenantId }
}

it('a domain that was found lost is suspended although the worker died before it said so', async () => {
  const { world, tenantId } = await live()
  world.dns.removeNs(domainName)
  const table: Table = {
    ...world.table,
    async transact(operations) {
      const isRun = operations.some((one) => one.kind === 'put' && one.item.kind === 'suspend')
      if (isRun) throw new Error('this worker is dead')
      return world.table.transact(operations)
    },
  }
  for (let looks = 0; looks < 60 && (await findDomain(world.ctxOf(), tenantId))?.state !== 'lost'; looks += 1) {
    world.clock.set(world.clock.now() + 3 * 3600_000)
    await lookAtDomain(world.ctxOf({ table }), { tenantId }).catch(() => undefined)
  }
  expect((await findDomain(world.ctxOf(), tenantId))?.state).toBe('lost')
  expect(await reach(world, { tenantId, state: 'suspended', isAlone: true, daysMax: 5 })).toBe('done')
})

it('a domain that comes back after SES has given it up is asked for anew before anything is sent', async () => {
  const { world, tenantId } = await live()
  const { awsAccountId } = cellInput(0, 1)
  const identities = world.cloud.at({ awsAccountId, region: REGION }).emailIdentities
  world.dns.removeNs(domainName)
  for (let day = 0; day < 8; day += 1) {
    await passDays(world, 1)
    await identities.read(domainName)
  }
  expect((await getTenant(world.ctxOf(), tenantId)).state).toBe('suspended')
  expect((await identities.read(domainName))?.isVerified).toBe(false)
  const { nameServers = [] } = (await findDomain(world.ctxOf(), tenantId)) ?? {}
  world.dns.enter(nsRecords(domainName, nameServers))
  expect(await reach(world, { tenantId, state: 'live', isAlone: true, daysMax: 5 })).toBe('done')
  expect((await identities.read(domainName))?.isVerified).toBe(true)
})
