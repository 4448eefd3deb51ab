import { afterEach, expect, it } from 'vitest'
import { aroundCloud, type CloudCall } from '#control-plane/cloud/around-cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { updateLicensee } from '#control-plane/core/licensee/update-licensee.ts'
import { allCells } from '#control-plane/core/placement/cell-store.ts'
import { updateCell } from '#control-plane/core/placement/register-cell.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { readRun } from '#control-plane/provisioning/read-run.ts'
import { drive, handle } from './drive.ts'
import { inventoryOf, inventoryWhen } from './inventory.ts'
import { cellInput } from './samples.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
const opened: World[] = []
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

const [first, second] = [cellInput(0, 96).awsAccountId, cellInput(1, 96).awsAccountId]

/** A tenant in a world in which this account is full when this is called. */
async function fullAt(verb: string, cells: number) {
  const world = await createWorld({ cells })
  opened.push(world)
  const isFull = (call: CloudCall) => call.verb === verb && call.place?.awsAccountId === first
  const cloud = aroundCloud(world.cloud, async (call, act) => {
    if (isFull(call)) throw CloudFailure.quota('LimitExceeded')
    return act()
  })
  const { tenantId } = await payFor(world, { domainName })
  const outcome = await drive(world, {
    handle: (told) => handle(world.ctxOf({ cloud }), told),
    person: createLicensee(world, tenantId),
    isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'live',
    daysMax: 2,
  })
  const used = (await allCells(world.ctxOf())).map((cell) => [cell.awsAccountId, cell.used])
  return { world, tenantId, outcome, used }
}

it('a tenant whose cell meets a quota before anything was made there gives its slot back and takes one elsewhere', async () => {
  const { world, outcome, used } = await fullAt('hostedZones.create', 2)
  expect(outcome).toBe('done')
  expect(used).toEqual([
    [first, 0],
    [second, 1],
  ])
  expect(await inventoryOf(world)).toEqual(inventoryWhen('live', 'delegated'))
})

it('it stays where it is when no other cell has room, and the vendor is told', async () => {
  const { world, tenantId, outcome, used } = await fullAt('hostedZones.create', 1)
  expect([outcome, used]).toEqual(['stuck', [[first, 1]]])
  const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
  expect(await readRun(world.ctxOf(), { tenantId, runId })).toMatchObject({ whoActs: 'vendor' })
  expect(world.sent.filter(({ to }) => to === 'vendor@example.com').length).toBeGreaterThan(0)
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
})

it('it stays where something of it stands already', async () => {
  const { tenantId, world, outcome, used } = await fullAt('emailIdentities.create', 2)
  expect(outcome).toBe('stuck')
  expect(used).toEqual([
    [first, 1],
    [second, 0],
  ])
  expect((await getTenant(world.ctxOf(), tenantId)).awsAccountId).toBe(first)
})

it('a canary cell takes those who are early, and nobody else though it were the fullest', async () => {
  const world = await createWorld({ cells: 2, cap: 2 })
  opened.push(world)
  const ctx = world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })
  const canary = (await allCells(ctx)).find(({ awsAccountId }) => awsAccountId === first)
  await updateCell(ctx, { cellId: canary?.cellId ?? '', change: { isCanary: true, cap: 1 } })
  const usual = await payFor(world, { domainName: 'usual.example.com' })
  await passDays(world, 1)
  const early = await payFor(world, { domainName: 'early.example.com' })
  const { licenseeId } = await getTenant(ctx, early.tenantId)
  await updateLicensee(ctx, { licenseeId, change: { isEarly: true } })
  await passDays(world, 1)
  const accountOf = async (tenantId: string) => (await getTenant(ctx, tenantId)).awsAccountId
  expect([await accountOf(usual.tenantId), await accountOf(early.tenantId)]).toEqual([second, first])
})
