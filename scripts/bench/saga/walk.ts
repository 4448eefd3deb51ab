import type { TenantState } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { drive, handle } from './drive.ts'
import { createLicensee } from './tenant-life.ts'
import type { World } from './world.ts'

const DAY = 86_400_000

/** Drives the world until the tenant is settled in a state. `isAlone`: the licensee does nothing. */
export function reach(
  world: World,
  want: {
    readonly tenantId: string
    readonly state: TenantState
    readonly isAlone?: boolean
    readonly daysMax?: number
  },
): Promise<'done' | 'stuck'> {
  const { tenantId, state, isAlone = false, daysMax = 40 } = want
  return drive(world, {
    handle: (told) => handle(world.ctxOf(), told),
    ...(isAlone ? {} : { person: createLicensee(world, tenantId) }),
    isDone: async () => {
      const tenant = await getTenant(world.ctxOf(), tenantId)
      return tenant.state === state && tenant.runId === undefined
    },
    daysMax,
  })
}

/** Lets everything go on for so many days. */
export async function passDays(world: World, days: number): Promise<void> {
  const until = world.clock.now() + days * DAY
  await drive(world, {
    handle: (told) => handle(world.ctxOf(), told),
    isDone: async () => world.clock.now() >= until,
    daysMax: days * 2,
  })
}
