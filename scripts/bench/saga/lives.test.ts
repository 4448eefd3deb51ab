import { afterEach, describe, expect, it, vi } from 'vitest'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { liftSuspension, suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import { allPoolAccounts } from '#control-plane/core/placement/pool-account.ts'
import { desireRelease } from '#control-plane/core/release/desire-release.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { findExport } from '#control-plane/provisioning/export-tenant.ts'
import { linkCustomerAccount } from '#control-plane/provisioning/link-customer-account.ts'
import { listRuns, readRun } from '#control-plane/provisioning/read-run.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { startRun } from '#control-plane/provisioning/start-run.ts'
import { tendAccountPool } from '#control-plane/provisioning/tend-account-pool.ts'
import { LICENCE_FILE_KEY, LicenceFile } from '#shared/contracts/licence-file.ts'
import { drive, handle } from './drive.ts'
import { inventoryOf, inventoryWhen } from './inventory.ts'
import { cellInput, REGION, releaseManifest } from './samples.ts'
import { payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
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

const DAY = 86_400_000

async function readLicenceFile(world: World, tenantId: string): Promise<unknown> {
  const { resources } = await getTenant(world.ctxOf(), tenantId)
  const cell = cellInput(0, 1)
  const cloud = world.cloud.at({ awsAccountId: cell.awsAccountId, region: REGION })
  const bytes = await cloud.tenantFiles.get({ bucketName: resources.bucketName ?? '', key: LICENCE_FILE_KEY })
  const { payload } = LicenceFile.parse(JSON.parse(Buffer.from(bytes ?? []).toString()))
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

describe('a tenant from paid to live and back', () => {
  for (const dnsMode of ['delegated', 'manual'] as const)
    it(`comes to live and is taken away again without a trace: ${dnsMode}`, async () => {
      const world = await open()
      const { tenantId } = await payFor(world, { domainName: 'invites.example.com', dnsMode })
      expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
      expect(await inventoryOf(world)).toEqual(inventoryWhen('live', dnsMode))
      expect(await findDomain(world.ctxOf(), tenantId)).toMatchObject({ state: 'verified' })
      await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
      expect(await reach(world, { tenantId, state: 'retained' })).toBe('done')
      expect(await inventoryOf(world)).toEqual(inventoryWhen('retained', dnsMode))
      const { runs } = await listRuns(world.ctxOf(), { tenantId, limit: 10 })
      expect(runs.map(({ kind, status }) => [kind, status])).toEqual([
        ['retire', 'finished'],
        ['provision', 'finished'],
      ])
      await expect(startRun(world.ctxOf(), { tenantId, kind: 'delete' })).rejects.toMatchObject({
        code: 'tenant.wrong_state',
      })
      expect(await findExport(world.ctxOf(), tenantId, runs[0]?.runId ?? '')).toMatchObject({ tenantId, kid: 'k1' })
      expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
      expect(await inventoryOf(world)).toEqual(inventoryWhen('deleted', dnsMode))
    })

  it('keeps the emptied zone while the parent still names it', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await reach(world, { tenantId, state: 'live' })
    await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
    expect(await reach(world, { tenantId, state: 'retained', isAlone: true })).toBe('done')
    // Until every name server has it.
    world.clock.set(world.clock.now() + 60_000)
    const [zone] = await world.world.servedZones()
    expect(zone?.recordSets.filter(({ type }) => type !== 'NS' && type !== 'SOA')).toEqual([])
    expect(await getTenant(world.ctxOf(), tenantId)).toMatchObject({ resources: { keptZone: 'true' } })
  })

  it('ends a run that is under way when it is retired, and leaves nothing', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await drive(world, {
      handle: (told) => handle(world.ctxOf(), told),
      isDone: async () => (await getTenant(world.ctxOf(), tenantId)).resources.stackId !== undefined,
    })
    await retireTenant(world.ctxOf(), { tenantId, reason: 'changed their mind' })
    expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
    expect(await inventoryOf(world)).toEqual(inventoryWhen('deleted', 'delegated'))
    const { runs } = await listRuns(world.ctxOf(), { tenantId, limit: 10 })
    expect(runs.at(-1)).toMatchObject({ kind: 'provision', status: 'ended' })
  })
})

describe('a licence and its tenant', () => {
  it('suspends: nothing is sent, mail is stored, the file says so; and resumes', async () => {
    const world = await open()
    const { tenantId, licenceId } = await payFor(world, { domainName: 'invites.example.com' })
    await reach(world, { tenantId, state: 'live' })
    const vendor = world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })
    await suspendLicence(vendor, { licenceId, reason: 'abuse' })
    expect(await reach(world, { tenantId, state: 'suspended' })).toBe('done')
    const { awsAccountId, cellTableName } = cellInput(0, 1)
    const cloud = world.cloud.at({ awsAccountId, region: REGION })
    const { stackName = '', domainName } = await getTenant(world.ctxOf(), tenantId)
    expect(await cloud.sesTenants.read(stackName)).toMatchObject({ sendingStatus: 'DISABLED' })
    expect(await cloud.cellRoutes.read({ cellTableName, domainName })).toMatchObject({ status: 'suspended' })
    expect(await readLicenceFile(world, tenantId)).toMatchObject({ isBanned: true })
    await liftSuspension(vendor, { licenceId, reason: 'a mistake' })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    expect((await cloud.sesTenants.read(stackName))?.sendingStatus).not.toBe('DISABLED')
    expect(await cloud.cellRoutes.read({ cellTableName, domainName })).toMatchObject({ status: 'active' })
    expect(await readLicenceFile(world, tenantId)).toMatchObject({ isBanned: false })
  })

  it('stops sending for a domain that has left, and starts again when it is back', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await reach(world, { tenantId, state: 'live' })
    world.dns.removeNs('invites.example.com')
    await passDays(world, 2)
    expect(await getTenant(world.ctxOf(), tenantId)).toMatchObject({ state: 'degraded' })
    expect(await reach(world, { tenantId, state: 'suspended', isAlone: true, daysMax: 6 })).toBe('done')
    const domain = await findDomain(world.ctxOf(), tenantId)
    expect(domain).toMatchObject({ state: 'lost' })
    world.dns.enter(
      (domain?.nameServers ?? []).map((value) => ({ name: 'invites.example.com', type: 'NS', ttlSeconds: 60, value })),
    )
    expect(await reach(world, { tenantId, state: 'live', isAlone: true })).toBe('done')
    expect((await getLicence(world.ctxOf(), (await getTenant(world.ctxOf(), tenantId)).licenceId)).state).toBe('active')
  })
})

describe('other placements and releases', () => {
  it('gives a dedicated tenant an account of the pool, and closes it in the end', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'own.example.com', placement: 'dedicated' })
    for (let days = 0; days < 3; days += 1) {
      for (let minutes = 0; minutes < 8; minutes += 1) {
        await tendAccountPool(world.ctxOf(), { region: REGION })
        world.clock.set(world.clock.now() + 60_000)
      }
      world.clock.set(world.clock.now() + DAY)
    }
    expect((await allPoolAccounts(world.ctxOf())).map(({ state }) => state)).toEqual(['ready'])
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    const tenant = await getTenant(world.ctxOf(), tenantId)
    expect(tenant.awsAccountId).not.toBe(cellInput(0, 1).awsAccountId)
    expect((await allPoolAccounts(world.ctxOf())).map((one) => [one.state, one.tenantId])).toEqual([
      ['taken', tenantId],
    ])
    await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
    expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
    const account = await world.cloud.organizations.describeAccount(tenant.awsAccountId ?? '')
    expect(account?.state).not.toBe('ACTIVE')
  })

  it('stands in a customer’s account only with the secret made for him', async () => {
    const world = await open()
    const awsAccountId = '999999999999'
    const operatingRoleArn = `arn:aws:iam::${awsAccountId}:role/baseline/operating`
    const { tenantId } = await payFor(world, { domainName: 'theirs.example.com', placement: 'customer' })
    await passDays(world, 1)
    const { externalId = '' } = await getTenant(world.ctxOf(), tenantId)
    expect(externalId).toMatch(/^[A-Za-z0-9_-]{32,128}$/)
    await world.world.openAccount({ awsAccountId, trust: { roleArn: operatingRoleArn, externalId: `${externalId}x` } })
    await linkCustomerAccount(world.ctxOf(), { tenantId, awsAccountId, operatingRoleArn })
    expect(await reach(world, { tenantId, state: 'live', daysMax: 1 })).toBe('stuck')
    const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
    const { steps } = await readRun(world.ctxOf(), { tenantId, runId })
    expect(steps.find(({ status }) => status === 'waiting')).toMatchObject({ name: 'check_place', waitsFor: 'place' })
  })

  it('touches nothing of a stack that is as it should be, whichever run asks', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await reach(world, { tenantId, state: 'live' })
    const { stackName = '' } = await getTenant(world.ctxOf(), tenantId)
    const { awsAccountId } = cellInput(0, 1)
    const read = () => world.cloud.at({ awsAccountId, region: REGION }).stacks.read(stackName)
    const before = await read()
    // Of the cell's account, and the table by which its tenants share it.
    expect(before?.parameters).toMatchObject({ SendsPerSecond: '14', SendRateTable: 'send-rate-table' })
    await startRun(world.ctxOf(), { tenantId, kind: 'update' })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    expect(before?.tags).toMatchObject({ 'cp:tenant': tenantId })
    expect(await read()).toEqual(before)
  })

  it('gives a stack the sending rate of the day of its update', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await reach(world, { tenantId, state: 'live' })
    const { stackName = '' } = await getTenant(world.ctxOf(), tenantId)
    const { awsAccountId } = cellInput(0, 1)
    const place = { awsAccountId, region: REGION }
    const at = world.cloud.at.bind(world.cloud)
    vi.spyOn(world.cloud, 'at').mockImplementation((where) => {
      const cloud = at(where)
      const read = async () => ({ ...(await cloud.sesAccount.read()), maxPerSecond: 200.5 })
      return { ...cloud, sesAccount: { ...cloud.sesAccount, read } }
    })
    await startRun(world.ctxOf(), { tenantId, kind: 'update' })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    expect((await at(place).stacks.read(stackName))?.parameters).toMatchObject({ SendsPerSecond: '200' })
  })

  it('updates a tenant to the release that is wanted, and back', async () => {
    const world = await open({ releases: [releaseManifest('1.0.0'), releaseManifest('2.0.0')] })
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    await reach(world, { tenantId, state: 'live' })
    expect((await getTenant(world.ctxOf(), tenantId)).templateVersion).toBe('2.0.0')
    await desireRelease(world.ctxOf(), { tenantId, releaseVersion: '1.0.0' })
    await startRun(world.ctxOf(), { tenantId, kind: 'update' })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    expect((await getTenant(world.ctxOf(), tenantId)).templateVersion).toBe('1.0.0')
  })
})
