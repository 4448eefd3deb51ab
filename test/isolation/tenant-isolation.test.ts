import { expect, it } from 'vitest'
import { runTenantIsolation } from './run-tenant-isolation.ts'

it('lets nothing foreign in at a tenant, and misses no guard that was taken out', async () => {
  const { requests, holes, guards } = await runTenantIsolation({ every: 13, guardsEvery: 4 })
  expect(holes).toEqual([])
  expect(requests).toBeGreaterThan(500)
  expect(guards.filter(({ isCaught }) => !isCaught)).toEqual([])
  expect(guards.length).toBeGreaterThan(20)
})
