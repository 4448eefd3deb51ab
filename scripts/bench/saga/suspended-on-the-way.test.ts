import { afterEach, beforeEach, expect, it } from 'vitest'
import { liftSuspension, suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { listRuns } from '#control-plane/provisioning/read-run.ts'
import { currentStep, loadRun } from '#control-plane/provisioning/run-store.ts'
import { siteOf } from '#control-plane/provisioning/site.ts'
import { startRun } from '#control-plane/provisioning/start-run.ts'
import { drive, handle } from './drive.ts'
import { payFor } from './tenant-life.ts'
import { reach } from './walk.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
let world: World
let tenantId: string
let licenceId: string
beforeEach(async () => {
  world = await createWorld()
  const paid = await payFor(world, { domainName })
  tenantId = paid.tenantId
  licenceId = paid.licenceId
  await reach(world, { tenantId, state: 'live' })
})
afterEach(() => world.close())

/** Holds are the vendor's people's. */
const vendor = () => world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })

const stateOf = async () => (await getTenant(world.ctxOf(), tenantId)).state

/** A worker to whom the tenant's server never answers. */
const silent = (): ProvisioningCtx => ({ ...world.ctxOf(), probes: { answers: async () => 'silent' } })

function settle(ctx: () => ProvisioningCtx, isDone: () => Promise<boolean>) {
  return drive(world, { handle: (told) => handle(ctx(), told), isDone, daysMax: 3 })
}

async function stepName(): Promise<string | undefined> {
  const { runId } = await getTenant(world.ctxOf(), tenantId)
  return runId === undefined ? undefined : currentStep((await loadRun(world.ctxOf(), tenantId, runId)).steps)?.name
}

async function sendingStatus(): Promise<string | undefined> {
  const tenant = await getTenant(world.ctxOf(), tenantId)
  const { place } = await siteOf(world.ctxOf(), tenant)
  return (await world.cloud.at(place).sesTenants.read(tenant.stackName ?? ''))?.sendingStatus
}

it('a tenant whose update has stopped is suspended all the same, and nothing is sent in its name', async () => {
  await startRun(world.ctxOf(), { tenantId, kind: 'update' })
  const isAtSmokeTest = async () => (await stepName()) === 'smoke_test'
  expect(await settle(silent, isAtSmokeTest)).toBe('done')
  await suspendLicence(vendor(), { licenceId, reason: 'Complaints.' })
  const begun = world.clock.now()
  expect(await settle(silent, async () => (await stateOf()) === 'suspended')).toBe('done')
  // Not after the quarter of an hour that the update may take.
  expect(world.clock.now() - begun).toBeLessThan(5 * 60_000)
  expect(await sendingStatus()).toBe('DISABLED')
  const { runs } = await listRuns(world.ctxOf(), { tenantId, limit: 2 })
  expect(runs.map(({ kind, status }) => `${kind} ${status}`).slice(0, 2)).toEqual(['suspend finished', 'update ended'])
})

it('one that was about to send again does not, and does once the hold is lifted', async () => {
  await suspendLicence(vendor(), { licenceId, reason: 'Complaints.' })
  expect(await reach(world, { tenantId, state: 'suspended' })).toBe('done')
  await liftSuspension(vendor(), { licenceId, reason: 'Explained.' })
  expect(await settle(silent, async () => (await stepName()) === 'smoke_test')).toBe('done')
  await suspendLicence(vendor(), { licenceId, reason: 'More of them.' })
  expect(await settle(silent, async () => (await stateOf()) === 'suspended')).toBe('done')
  expect(await sendingStatus()).toBe('DISABLED')
  await liftSuspension(vendor(), { licenceId, reason: 'Explained again.' })
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
  expect(await sendingStatus()).toBe('REINSTATED')
})

it('a domain that is lost while an update has stopped is suspended by its daily looks', async () => {
  await startRun(world.ctxOf(), { tenantId, kind: 'update' })
  const stuck = (): ProvisioningCtx => ({
    ...world.ctxOf(),
    cloud: {
      ...world.cloud,
      at: (place) => {
        const at = world.cloud.at(place)
        return { ...at, roleRights: { allowed: async () => ['dynamodb:GetItem'] } }
      },
    },
  })
  expect(await settle(stuck, async () => (await stepName()) === 'prove_isolation')).toBe('done')
  world.dns.removeNs(domainName)
  const outcome = await drive(world, {
    handle: (told) => handle(stuck(), told),
    isDone: async () => (await stateOf()) === 'suspended',
    daysMax: 8,
  })
  expect([outcome, await sendingStatus()]).toEqual(['done', 'DISABLED'])
})
