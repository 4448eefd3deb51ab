import { afterEach, expect, it } from 'vitest'
import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { desireRelease } from '#control-plane/core/release/desire-release.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { startRun } from '#control-plane/provisioning/start-run.ts'
import { drive, handle } from './drive.ts'
import { inventoryOf, inventoryWhen } from './inventory.ts'
import { cellInput, REGION, releaseManifest } from './samples.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { reach } from './walk.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

const opened: World[] = []
const domainName = 'invites.example.com'

async function open(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options)
  opened.push(world)
  return world
}

afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

async function live(world: World): Promise<string> {
  const { tenantId } = await payFor(world, { domainName })
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
  return tenantId
}

/** The engine's work until the tenant is settled in a state, with its own ports. */
function settle(
  world: World,
  ctxOf: () => ProvisioningCtx,
  tenantId: string,
  state: string,
): Promise<'done' | 'stuck'> {
  return drive(world, {
    handle: (told) => handle(ctxOf(), told),
    person: createLicensee(world, tenantId),
    isDone: async () => {
      const tenant = await getTenant(world.ctxOf(), tenantId)
      return tenant.state === state && tenant.runId === undefined
    },
    daysMax: 2,
  })
}

it('a tenant that was never set up is deleted in the end too', async () => {
  for (const placement of ['cell', 'dedicated'] as const) {
    const world = await open({ cells: 0 })
    const { tenantId } = await payFor(world, { domainName, placement })
    await retireTenant(world.ctxOf(), { tenantId, reason: 'never mind' })
    expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
  }
})

it('an account that never was is not asked for when its tenant is deleted', async () => {
  const world = await open()
  const asked: unknown[] = []
  const cloud = aroundCloud(world.cloud, async (call, act) => {
    if (call.verb.startsWith('organizations.')) asked.push(call.verb)
    return act()
  })
  const { tenantId } = await payFor(world, { domainName, placement: 'dedicated' })
  await retireTenant(world.ctxOf(), { tenantId, reason: 'never mind' })
  await drive(world, {
    handle: (told) => handle(world.ctxOf({ cloud }), told),
    isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'deleted',
  })
  expect(asked).toEqual([])
})

it('an update that the policy refuses, or whose server does not answer, ends, and the tenant can go back', async () => {
  const world = await open({ releases: [releaseManifest('1.0.0'), releaseManifest('2.0.0')] })
  const tenantId = await live(world)
  await desireRelease(world.ctxOf(), { tenantId, releaseVersion: '1.0.0' })
  await startRun(world.ctxOf(), { tenantId, kind: 'update' })
  const change = {
    logicalId: 'T',
    resourceType: 'AWS::DynamoDB::Table',
    action: 'Modify',
    replacement: 'True',
  } as const
  const refusing: Cloud = {
    ...world.cloud,
    at(place) {
      const { stacks, ...others } = world.cloud.at(place)
      const describeChangeSet: typeof stacks.describeChangeSet = async (input) => {
        const found = await stacks.describeChangeSet(input)
        return found && { ...found, changes: [change] }
      }
      return { ...others, stacks: { ...stacks, describeChangeSet } }
    },
  }
  expect(await settle(world, () => world.ctxOf({ cloud: refusing }), tenantId, 'update_failed')).toBe('done')
  await startRun(world.ctxOf(), { tenantId, kind: 'update' })
  const silent = () => ({ ...world.ctxOf(), probes: { answers: async () => 'silent' as const } })
  expect(await settle(world, silent, tenantId, 'update_failed')).toBe('done')
  await desireRelease(world.ctxOf(), { tenantId, releaseVersion: '2.0.0' })
  await startRun(world.ctxOf(), { tenantId, kind: 'update' })
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
})

it('one tenant that is denied something for good does not keep his cell from the others', async () => {
  const world = await open()
  const one = await payFor(world, { domainName: 'denied.example.com' })
  const other = await payFor(world, { domainName })
  const denying = aroundCloud(world.cloud, async (call, act) => {
    if (call.verb === 'emailIdentities.create') throw CloudFailure.denied('AccessDenied')
    return act()
  })
  const cloudOf = (body: string) => (body.includes(one.tenantId) ? denying : world.cloud)
  const people = [createLicensee(world, one.tenantId), createLicensee(world, other.tenantId)]
  const begun = world.clock.now()
  const outcome = await drive(world, {
    handle: (told) => handle(world.ctxOf({ cloud: cloudOf(told.body) }), told),
    person: async () => (await people[0]?.()) === true || (await people[1]?.()) === true,
    isDone: async () => (await getTenant(world.ctxOf(), other.tenantId)).state === 'live',
    daysMax: 3,
  })
  expect(outcome).toBe('done')
  expect((world.clock.now() - begun) / 3600_000).toBeLessThan(3)
})

it('a stack that could not go back to where it was is taken away with everything in it', async () => {
  const world = await open()
  const tenantId = await live(world)
  const broken: Cloud = {
    ...world.cloud,
    at(place) {
      const { stacks, ...others } = world.cloud.at(place)
      const read: typeof stacks.read = async (name) => {
        const found = await stacks.read(name)
        return found?.status === 'UPDATE_COMPLETE' ? { ...found, status: 'UPDATE_ROLLBACK_FAILED' } : found
      }
      return { ...others, stacks: { ...stacks, read } }
    },
  }
  await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
  expect(await settle(world, () => world.ctxOf({ cloud: broken }), tenantId, 'retained')).toBe('done')
  expect(await inventoryOf(world)).toEqual(inventoryWhen('retained', 'delegated'))
})

it('a zone that somebody deleted is made anew, under a reference that was not used before', async () => {
  const world = await open()
  const { tenantId } = await payFor(world, { domainName })
  const ownId = async () => (await getTenant(world.ctxOf(), tenantId)).resources.hostedZoneId ?? ''
  const { awsAccountId } = cellInput(0, 1)
  let deleted = ''
  const cloud = aroundCloud(world.cloud, async (call, act) => {
    if (call.verb === 'hostedZones.records' && deleted === '') {
      deleted = await ownId()
      await world.cloud.at({ awsAccountId, region: REGION }).hostedZones.delete(deleted)
      world.dns.removeNs(domainName)
    }
    return act()
  })
  let delegatedTo = ''
  let person = createLicensee(world, tenantId)
  const outcome = await drive(world, {
    handle: (told) => handle(world.ctxOf({ cloud }), told),
    async person() {
      const hostedZoneId = await ownId()
      if (hostedZoneId !== delegatedTo) person = createLicensee(world, tenantId)
      delegatedTo = hostedZoneId
      return person()
    },
    isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'live',
    daysMax: 3,
  })
  expect([outcome, deleted === (await ownId())]).toEqual(['done', false])
})
