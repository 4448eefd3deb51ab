import { expect, it } from 'vitest'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { currentStep, loadRun } from '#control-plane/provisioning/run-store.ts'
import type { StepName } from '#control-plane/provisioning/step-names.ts'
import { ComesAgain, drive, handle } from './drive.ts'
import { withFaultAt } from './faults.ts'
import { inventoryOf, inventoryWhen } from './inventory.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { reach } from './walk.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'

/** Sets a tenant up until this is so, or its worker has died at the point of this number; retires it then; and lets everything end. */
async function retireWhen(isThen: (world: World, tenant: Tenant) => Promise<boolean>, crashAfter?: number) {
  const world = await createWorld()
  try {
    const { tenantId } = await payFor(world, { domainName })
    const fault = crashAfter === undefined ? undefined : ({ at: crashAfter, kind: 'crash_after' } as const)
    const points = withFaultAt({ table: world.table, cloud: world.cloud }, fault)
    const begun = await drive(world, {
      async handle(told) {
        const { table, cloud, isDead } = points.worker()
        await handle(world.ctxOf({ table, cloud }), told).catch((cause: unknown) => {
          if (!isDead()) throw cause
          throw ComesAgain.later('', { cause })
        })
      },
      person: createLicensee(world, tenantId),
      isDone: async () => points.hasStruck() || (await isThen(world, await getTenant(world.ctxOf(), tenantId))),
    })
    await retireTenant(world.ctxOf(), { tenantId, reason: 'changed their mind' })
    const ended = await reach(world, { tenantId, state: 'deleted', daysMax: 60 })
    return { begun, ended, hasStruck: points.hasStruck(), found: await inventoryOf(world) }
  } finally {
    await world.close()
  }
}

async function isAt(world: World, { tenantId, runId }: Tenant, stepName: StepName): Promise<boolean> {
  if (runId === undefined) return false
  return currentStep((await loadRun(world.ctxOf(), tenantId, runId)).steps)?.name === stepName
}

const gone = { begun: 'done', ended: 'done', found: inventoryWhen('deleted', 'delegated') }

it('leaves no table and no bucket of a stack that was being made', async () => {
  expect(await retireWhen((world, tenant) => isAt(world, tenant, 'watch_stack'))).toMatchObject(gone)
})

it('leaves no stack of which only a change set was there', async () => {
  expect(await retireWhen((world, tenant) => isAt(world, tenant, 'check_stack'))).toMatchObject(gone)
})

it('leaves no zone whose making nobody took down', async () => {
  let zoneAt = 0
  for (let at = 10; zoneAt === 0; at += 1) {
    const world = await createWorld()
    const { tenantId } = await payFor(world, { domainName })
    const points = withFaultAt({ table: world.table, cloud: world.cloud }, { at, kind: 'crash_after' })
    const { table, cloud } = points.worker()
    for (let told = world.queue.shift(); told !== undefined && !points.hasStruck(); told = world.queue.shift())
      await handle(world.ctxOf({ table, cloud }), told).catch(() => undefined)
    const { zones } = await inventoryOf(world)
    if (zones === 1 && (await getTenant(world.ctxOf(), tenantId)).resources.hostedZoneId === undefined) zoneAt = at
    await world.close()
  }
  expect(await retireWhen(async () => false, zoneAt)).toMatchObject(gone)
})
