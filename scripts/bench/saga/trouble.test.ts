import { afterEach, describe, expect, it } from 'vitest'
import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { allCells } from '#control-plane/core/placement/cell-store.ts'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { checkNow } from '#control-plane/provisioning/check-now.ts'
import { readRun } from '#control-plane/provisioning/read-run.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { retryRun } from '#control-plane/provisioning/retry-run.ts'
import { drive, handle } from './drive.ts'
import { inventoryOf, inventoryWhen } from './inventory.ts'
import { cellInput, REGION } from './samples.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { reach } from './walk.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

const opened: World[] = []

async function open(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options)
  opened.push(world)
  return world
}

afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

describe('waiting and trouble', () => {
  it('waits for room, takes the slot once there is, and fills no cell beyond its cap', async () => {
    const world = await open({ cap: 1 })
    const first = await payFor(world, { domainName: 'one.example.com' })
    const second = await payFor(world, { domainName: 'two.example.com' })
    await reach(world, { tenantId: first.tenantId, state: 'live' })
    const waiting = await getTenant(world.ctxOf(), second.tenantId)
    const run = await readRun(world.ctxOf(), { tenantId: second.tenantId, runId: waiting.runId ?? '' })
    expect([waiting.state, run.whoActs, run.steps.find(({ status }) => status === 'waiting')?.waitsFor]).toEqual([
      'placing',
      'vendor',
      'capacity',
    ])
    await world.world.openAccount({ awsAccountId: cellInput(1, 1).awsAccountId })
    await registerCell(world.ctxOf(), cellInput(1, 1))
    expect(await reach(world, { tenantId: second.tenantId, state: 'live' })).toBe('done')
    expect((await allCells(world.ctxOf())).map(({ used, cap }) => [used, cap])).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  it('deletes a stack whose creation failed and makes it anew; after three a person is asked, and his retry goes on', async () => {
    let failures = 0
    const world = await open({
      stackFails: () => (++failures <= 3 ? 'Rate exceeded (Service: ApiGateway)' : undefined),
    })
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    expect(await reach(world, { tenantId, state: 'live', daysMax: 1 })).toBe('stuck')
    const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
    const run = await readRun(world.ctxOf(), { tenantId, runId })
    expect(run).toMatchObject({ whoActs: 'vendor' })
    expect(run.steps.find(({ status }) => status === 'failed')?.error).toMatchObject({ code: 'stack_creation_failed' })
    await retryRun(world.ctxOf(), { tenantId })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    expect(await inventoryOf(world)).toEqual(inventoryWhen('live', 'delegated'))
  })

  it('never takes over what is not tagged as ours', async () => {
    const world = await open()
    const { awsAccountId } = cellInput(0, 1)
    const cloud = world.cloud.at({ awsAccountId, region: REGION })
    await cloud.emailIdentities.create({ emailIdentity: 'invites.example.com', tags: { 'cp:tenant': 'ten_other' } })
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    expect(await reach(world, { tenantId, state: 'live', daysMax: 1 })).toBe('stuck')
    const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
    const { steps } = await readRun(world.ctxOf(), { tenantId, runId })
    expect(steps.find(({ status }) => status === 'failed')).toMatchObject({
      name: 'make_identity',
      error: { code: 'conflict', whoActs: 'vendor' },
    })
    await retireTenant(world.ctxOf(), { tenantId, reason: 'gave up' })
    expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
    expect(await cloud.emailIdentities.read('invites.example.com')).toBeDefined()
  })

  it('stops the place when a call is denied there, and goes on by itself later', async () => {
    const world = await open()
    let denials = 0
    const cloud = aroundCloud(world.cloud, async (call, act) => {
      if (call.verb === 'emailIdentities.create' && denials++ === 0) throw CloudFailure.denied('AccessDenied')
      return act()
    })
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    const person = createLicensee(world, tenantId)
    const begun = world.clock.now()
    const outcome = await drive(world, {
      handle: (told) => handle(world.ctxOf({ cloud }), told),
      person,
      isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'live',
    })
    expect(outcome).toBe('done')
    expect(world.clock.now() - begun).toBeGreaterThan(15 * 60_000)
  })

  it('tells the vendor of what was asked for and never comes to be seen', async () => {
    const world = await open()
    const blind: Cloud = {
      ...world.cloud,
      at(place) {
        const { emailIdentities, ...others } = world.cloud.at(place)
        const read: typeof emailIdentities.read = async (name) => {
          const { mailFrom: _, ...found } = (await emailIdentities.read(name)) ?? {}
          return 'emailIdentity' in found ? found : undefined
        }
        return { ...others, emailIdentities: { ...emailIdentities, read } }
      },
    }
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    const ctx = () => world.ctxOf({ cloud: blind })
    const person = createLicensee(world, tenantId)
    await drive(world, { handle: (told) => handle(ctx(), told), person, isDone: async () => false, daysMax: 0.2 })
    const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
    const { steps } = await readRun(world.ctxOf(), { tenantId, runId })
    expect(steps.find(({ name }) => name === 'set_mail_from')).toMatchObject({ status: 'waiting', whoActs: 'vendor' })
  })

  it('asks for a deletion that failed under another token each time: a used one does nothing', async () => {
    const tokens: string[] = []
    const world = await open({ stackFails: () => 'Rate exceeded (Service: ApiGateway)' })
    const stubborn: Cloud = {
      ...world.cloud,
      at(place) {
        const { stacks, ...others } = world.cloud.at(place)
        const remove: typeof stacks.delete = async ({ clientRequestToken }) => void tokens.push(clientRequestToken)
        return { ...others, stacks: { ...stacks, delete: remove } }
      },
    }
    await payFor(world, { domainName: 'invites.example.com' })
    const ctx = () => world.ctxOf({ cloud: stubborn })
    await drive(world, { handle: (told) => handle(ctx(), told), isDone: async () => tokens.length > 5, daysMax: 2 })
    expect(new Set(tokens).size).toBe(tokens.length)
    expect(tokens.length).toBeGreaterThan(5)
  })

  it('asks SES and ACM anew when the records came after their 72 hours', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'late.example.com', dnsMode: 'manual' })
    await reach(world, { tenantId, state: 'live', isAlone: true, daysMax: 4 })
    expect((await getTenant(world.ctxOf(), tenantId)).state).toBe('awaiting_dns')
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    expect(await inventoryOf(world)).toEqual(inventoryWhen('live', 'manual'))
  })

  it('looks at once when a person asks, and not again within ten seconds', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await drive(world, {
      handle: (told) => handle(world.ctxOf(), told),
      isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'awaiting_dns',
    })
    while (world.queue.length > 0) await handle(world.ctxOf(), world.queue.shift() ?? { queueName: '', body: '' })
    await expect(checkNow(world.ctxOf(), { tenantId })).rejects.toMatchObject({ code: 'run.too_soon' })
    world.clock.set(world.clock.now() + 11_000)
    const before = (await findDomain(world.ctxOf(), tenantId))?.looks
    await checkNow(world.ctxOf(), { tenantId })
    while (world.queue.length > 0) await handle(world.ctxOf(), world.queue.shift() ?? { queueName: '', body: '' })
    expect((await findDomain(world.ctxOf(), tenantId))?.looks).toBe((before ?? 0) + 1)
  })
})
