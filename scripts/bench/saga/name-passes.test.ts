import { afterEach, expect, it } from 'vitest'
import { releaseClaim } from '#control-plane/core/domain/claim-registry.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { drive, handle } from './drive.ts'
import { cellInput, REGION } from './samples.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
const opened: World[] = []
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

function reachIn(world: World, tenantId: string) {
  return async (state: string, isAlone = false) =>
    drive(world, {
      handle: (told) => handle(world.ctxOf(), told),
      ...(isAlone ? {} : { person: createLicensee(world, tenantId) }),
      isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === state,
      daysMax: 40,
    })
}

async function standing(dnsMode: 'delegated' | 'manual', loserIs: 'live' | 'awaiting_dns') {
  const world = await createWorld()
  opened.push(world)
  const loser = await payFor(world, { domainName, dnsMode })
  expect(await reachIn(world, loser.tenantId)(loserIs, loserIs !== 'live')).toBe('done')
  return { world, loser }
}

/** The name goes to another licensee of the same cell, as by a contest that is won. */
async function pass(world: World, loserId: string) {
  const ctx = world.ctxOf()
  await world.table.transact(await releaseClaim(ctx, { domainName, tenantId: loserId }))
  world.queue.push({ queueName: 'domain-due', body: JSON.stringify({ tenantId: loserId }) })
  world.dns.removeNs(domainName)
  return payFor(world, { domainName })
}

async function heldBy(world: World) {
  const { awsAccountId, cellTableName, operatingRoleArn } = cellInput(0, 96)
  const cloud = world.cloud.at({ awsAccountId, region: REGION, roleArn: operatingRoleArn })
  const route = await cloud.cellRoutes.read({ cellTableName, domainName })
  const identity = await cloud.emailIdentities.read(domainName)
  const zones = await cloud.hostedZones.find(domainName)
  return { route: route?.tenantId, identity: identity?.tags['cp:tenant'], zones: zones.length, status: route?.status }
}

it.each(['live', 'awaiting_dns'] as const)(
  'the winner goes live in the cell of a loser that is %s, and keeps all that is his when the loser is retired',
  async (loserIs) => {
    const { world, loser } = await standing('delegated', loserIs)
    const winner = await pass(world, loser.tenantId)
    expect(await reachIn(world, winner.tenantId)('live')).toBe('done')
    const held = { route: winner.tenantId, identity: winner.tenantId, status: 'active' }
    expect(await heldBy(world)).toMatchObject(held)
    expect((await getTenant(world.ctxOf(), loser.tenantId)).state).toBe('suspended')
    await retireTenant(world.ctxOf(), { tenantId: loser.tenantId, reason: 'moved away' })
    expect(await reachIn(world, loser.tenantId)('retained')).toBe('done')
    expect(await heldBy(world)).toEqual({ ...held, zones: 1 })
    expect((await getTenant(world.ctxOf(), winner.tenantId)).state).toBe('live')
  },
)

it('the winner goes live when the loser stood before his records, which he enters himself', async () => {
  const { world, loser } = await standing('manual', 'awaiting_dns')
  expect((await heldBy(world)).identity).toBe(loser.tenantId)
  const winner = await pass(world, loser.tenantId)
  expect(await reachIn(world, winner.tenantId)('live')).toBe('done')
  expect(await heldBy(world)).toMatchObject({ route: winner.tenantId, identity: winner.tenantId })
})

it('until the winner has a route the loser’s stands, so that mail which SES has taken is kept', async () => {
  const { world, loser } = await standing('delegated', 'live')
  const ctx = world.ctxOf()
  await world.table.transact(await releaseClaim(ctx, { domainName, tenantId: loser.tenantId }))
  world.queue.push({ queueName: 'domain-due', body: JSON.stringify({ tenantId: loser.tenantId }) })
  expect(await reachIn(world, loser.tenantId)('suspended')).toBe('done')
  expect(await heldBy(world)).toMatchObject({ route: loser.tenantId, identity: undefined, status: 'suspended' })
})
