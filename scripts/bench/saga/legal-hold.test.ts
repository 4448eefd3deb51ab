import { expect, it } from 'vitest'
import { listAudit } from '#control-plane/core/audit/list-audit.ts'
import { holdLegally, liftLegalHold } from '#control-plane/core/tenant/legal-hold.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { inventoryOf, inventoryWhen } from './inventory.ts'
import { payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
import { createWorld } from './world.ts'

it('keeps table and bucket of a retired tenant while it is held, and deletes them once it is lifted', async () => {
  const world = await createWorld()
  const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
  await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
  const vendor = world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })
  await holdLegally(vendor, { tenantId, reason: 'Order 7 of the court.' })
  await holdLegally(vendor, { tenantId, reason: 'Order 7 of the court.' })
  expect(await reach(world, { tenantId, state: 'retained' })).toBe('done')
  await passDays(world, 120)
  expect((await getTenant(world.ctxOf(), tenantId)).state).toBe('retained')
  expect(await inventoryOf(world)).toEqual(inventoryWhen('retained', 'delegated'))
  await liftLegalHold(vendor, { tenantId, reason: 'It was closed.' })
  expect(await reach(world, { tenantId, state: 'deleted' })).toBe('done')
  expect(await inventoryOf(world)).toEqual(inventoryWhen('deleted', 'delegated'))
  const { licenseeId } = await getTenant(world.ctxOf(), tenantId)
  const { rows } = await listAudit(world.ctxOf(), { licenseeId, limit: 200 })
  const holds = rows
    .filter(({ action }) => action.startsWith('tenant.legal'))
    .map(({ action, reason }) => `${action}: ${reason}`)
  expect(holds.toSorted()).toEqual([
    'tenant.legal_hold_lifted: It was closed.',
    'tenant.legally_held: Order 7 of the court.',
  ])
  await world.close()
})
