import type { Tenant, TenantState } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { ComesAgain, drive, handle } from './drive.ts'
import { type FaultKind, type Points, withFaultAt } from './faults.ts'
import { inventoryOf, inventoryWhen, judge, type Verdict } from './inventory.ts'
import { mailDoubles } from './memory-mailer.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** The cloud takes seconds instead of minutes: the same waits, looked at less often. */
const SHORT = {
  changeSet: 2,
  stackCreate: 4,
  stackUpdate: 4,
  stackDelete: 4,
  dnsChange: 2,
  certificateRecord: 2,
  certificateIssue: 4,
  identityLook: 4,
  listLag: 1,
}

export type LifePlan = {
  readonly dnsMode?: Tenant['dnsMode']
  readonly fault?: { readonly at: number; readonly kind: FaultKind }
  /** A second worker gets every message at the same time. */
  readonly hasTwin?: boolean
  readonly world?: WorldOptions
}

export type Life = Verdict & {
  readonly points: number
  readonly kinds: Points['kinds']
  readonly hasStruck: boolean
  readonly stuckIn?: string
}

/** One tenant from paid to live, retired, and deleted, with one fault on the way; what the cloud holds is judged at each of the three. */
export async function liveOneLife(plan: LifePlan = {}): Promise<Life> {
  const { dnsMode = 'delegated' } = plan
  const world = await createWorld({ seconds: SHORT, ...plan.world })
  try {
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com', dnsMode })
    const points = withFaultAt({ table: world.table, cloud: world.cloud }, plan.fault)
    const reach = (state: TenantState) => reachState(world, points, { tenantId, state, hasTwin: plan.hasTwin === true })
    let orphans = 0
    let doubles = 0
    for (const state of ['live', 'retained', 'deleted'] as const) {
      if (state === 'retained') await retireTenant(world.ctxOf(), { tenantId, reason: 'The bench is over.' })
      if ((await reach(state)) === 'stuck') return { ...endOf(points), orphans, doubles, stuckIn: state }
      const verdict = judge(await inventoryOf(world), inventoryWhen(state, dnsMode))
      orphans += verdict.orphans
      doubles += verdict.doubles
    }
    return { ...endOf(points), orphans, doubles: doubles + mailDoubles(world.sent) }
  } finally {
    await world.close()
  }
}

function endOf(points: Points) {
  return { points: points.kinds.length, kinds: points.kinds, hasStruck: points.hasStruck() }
}

async function reachState(
  world: World,
  points: Points,
  want: { readonly tenantId: string; readonly state: TenantState; readonly hasTwin: boolean },
): Promise<'done' | 'stuck'> {
  const { tenantId } = want
  let messages = 0
  const worker = (workerId: string) => {
    const { table, cloud, isDead } = points.worker()
    return { ctx: world.ctxOf({ workerId, table, cloud }), isDead }
  }
  return drive(world, {
    async handle(told) {
      messages += 1
      const one = worker('worker-1')
      if (!want.hasTwin) return unlessDead(one, handle(one.ctx, told))
      const other = worker('worker-2')
      // They take turns in being first.
      const both = messages % 2 === 0 ? [one, other] : [other, one]
      await Promise.all(both.map((twin) => unlessDead(twin, handle(twin.ctx, told))))
    },
    person: createLicensee(world, tenantId),
    isDone: async () => {
      const tenant = await getTenant(world.ctxOf(), tenantId)
      return tenant.state === want.state && tenant.runId === undefined
    },
    daysMax: 60,
  })
}

/** A dead worker's message comes again, and so does one that is given back; anything else would end among the dead letters. */
async function unlessDead({ isDead }: { readonly isDead: () => boolean }, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isDead() && !(isFailure(error) && error.retry)) throw error
    throw ComesAgain.later('', { cause: error })
  }
}
