import { controlQueues } from '#control-plane/manifest.ts'
import type { Figure, RunGroup } from '../../figures/figure.ts'
import { recordTrace } from './record-trace.ts'
import { simulateFleet } from './simulate-fleet.ts'

const TENANTS = 10_000
/** What a cell holds with quotas raised by asking (`figures -- stack`: cell_capacity_raised). */
const CAP_RAISED = 480

/** 10,000 tenants at once, on a virtual clock: how long it takes, and whether any service is asked faster than AWS allows. */
export const fleetFigures: RunGroup = async () => {
  const trace = await recordTrace()
  const calls = trace.filter(({ kind }) => kind === 'call').length
  const { concurrency: workers } = controlQueues.provision
  const result = simulateFleet({ tenants: TENANTS, cap: CAP_RAISED, workers, trace })
  const unbound = simulateFleet({ tenants: TENANTS, cap: CAP_RAISED, workers: TENANTS, trace })
  const busiest = Object.entries(unbound.busy).toSorted(([, a], [, b]) => b - a)
  process.stdout.write(
    `fleet: ${calls} calls a tenant; ${workers} workers; without a bound on workers ${unbound.hours.toFixed(2)} h\n`,
  )
  for (const [service, share] of busiest)
    process.stdout.write(
      `fleet: ${service}: at most ${result.mostPerSecond[service]} in a second, budget in use ${(100 * share).toFixed(0)} % (workers unbound)\n`,
    )
  const rows = [
    ['tenants', TENANTS, 'tenants'],
    ['hours_to_provision', result.hours, 'h'],
    ['hours_by_quotas_alone', unbound.hours, 'h'],
    ['budget_overruns', result.overruns + unbound.overruns, 'calls'],
    ['cells', result.cells, 'cells'],
  ] as const
  return rows.map(([name, value, unit]): Figure => ({ group: 'fleet', name, value, unit }))
}
