import { afterEach, expect, it } from 'vitest'
import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { linkCustomerAccount } from '#control-plane/provisioning/link-customer-account.ts'
import { readRun } from '#control-plane/provisioning/read-run.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { drive, handle } from './drive.ts'
import { inventoryOf } from './inventory.ts'
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

it('a customer who named his account and changed his mind before anything was made there is let go', async () => {
  const world = await open()
  const { tenantId } = await payFor(world, { domainName, placement: 'customer' })
  const operatingRoleArn = 'arn:aws:iam::999999999999:role/baseline/operating'
  await linkCustomerAccount(world.ctxOf(), { tenantId, awsAccountId: '999999999999', operatingRoleArn })
  await retireTenant(world.ctxOf(), { tenantId, reason: 'never mind' })
  expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
})

it('a role in a customer’s account that asks for no secret is not worked with', async () => {
  const world = await open()
  const awsAccountId = '999999999999'
  await world.world.openAccount({ awsAccountId })
  const { tenantId } = await payFor(world, { domainName, placement: 'customer' })
  const operatingRoleArn = `arn:aws:iam::${awsAccountId}:role/baseline/operating`
  await linkCustomerAccount(world.ctxOf(), { tenantId, awsAccountId, operatingRoleArn })
  expect(await reach(world, { tenantId, state: 'live', daysMax: 1 })).toBe('stuck')
  const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
  const { steps } = await readRun(world.ctxOf(), { tenantId, runId })
  expect(steps.find(({ status }) => status === 'failed')).toMatchObject({
    name: 'check_place',
    error: { code: 'role_without_secret', whoActs: 'licensee' },
  })
})

it('a customer’s account that cannot read the releases waits for the vendor, and goes on once it can', async () => {
  const world = await open()
  const awsAccountId = '999999999999'
  const operatingRoleArn = `arn:aws:iam::${awsAccountId}:role/baseline/operating`
  const { tenantId } = await payFor(world, { domainName, placement: 'customer' })
  const { externalId = '' } = await linkCustomerAccount(world.ctxOf(), { tenantId, awsAccountId, operatingRoleArn })
  await world.world.openAccount({ awsAccountId, trust: { roleArn: operatingRoleArn, externalId } })
  let isNamed = false
  const cloud = aroundCloud(world.cloud, async (call, act) => {
    if (call.verb === 'tenantFiles.get' && !isNamed) throw CloudFailure.denied('AccessDenied')
    return act()
  })
  const ctxOf = () => world.ctxOf({ cloud })
  const waiting = async () => {
    const { runId } = await getTenant(world.ctxOf(), tenantId)
    if (runId === undefined) return undefined
    return (await readRun(world.ctxOf(), { tenantId, runId })).steps.find(({ status }) => status === 'waiting')
  }
  await drive(world, {
    handle: (told) => handle(ctxOf(), told),
    isDone: async () => (await waiting())?.waitsFor === 'releases',
    daysMax: 1,
  })
  expect(await waiting()).toMatchObject({ name: 'check_place', waitsFor: 'releases', whoActs: 'vendor' })
  expect((await inventoryOf(world)).stacks).toBe(0)
  isNamed = true
  expect(await settle(world, ctxOf, tenantId, 'live')).toBe('done')
})

it('a customer names no other account once something may be in this one', async () => {
  const world = await open()
  const awsAccountId = '999999999999'
  const { tenantId } = await payFor(world, { domainName, placement: 'customer' })
  const roleOf = (account: string) => `arn:aws:iam::${account}:role/baseline/operating`
  const link = (account: string) =>
    linkCustomerAccount(world.ctxOf(), { tenantId, awsAccountId: account, operatingRoleArn: roleOf(account) })
  await link('888888888888')
  const { externalId = '' } = await link(awsAccountId)
  await world.world.openAccount({ awsAccountId, trust: { roleArn: roleOf(awsAccountId), externalId } })
  await drive(world, {
    handle: (told) => handle(world.ctxOf(), told),
    isDone: async () => (await inventoryOf(world)).stacks > 0,
  })
  expect((await getTenant(world.ctxOf(), tenantId)).resources.stackId).toBeUndefined()
  await expect(link('888888888888')).rejects.toMatchObject({ code: 'tenant.wrong_state' })
})
