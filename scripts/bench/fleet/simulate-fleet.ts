import { type Cell, cellsFor } from '#control-plane/core/placement/cell.ts'
import { budgets, type ServiceName } from '#control-plane/provisioning/budget.ts'
import { PAUSE_MAX_MILLISECONDS } from '#control-plane/provisioning/context.ts'
import { cellInput, REGION } from '../saga/samples.ts'
import { createRandom } from '../saga/virtual-clock.ts'
import { createEventHeap } from './event-heap.ts'
import { limits, overrunsOf } from './limits.ts'
import type { TraceItem } from './record-trace.ts'

/** A call of AWS's control APIs and our own rows around it. */
const CALL_MILLISECONDS = 150
/** How long a visit that found no free call stays away at most; as in the engine's `leave-step.ts`. */
const PUT_OFF_MILLISECONDS = 120_000

export type FleetResult = {
  readonly cells: number
  readonly hours: number
  readonly overruns: number
  /** Of the busiest place. */
  readonly mostPerSecond: { readonly [service: string]: number }
  /** Share of the time in which the service's budget of the busiest place was in use. */
  readonly busy: { readonly [service: string]: number }
}

type Runner = { readonly account: string; next: number; hasWorker: boolean; visits: number }

/** Sets so many tenants up at once, each by the recorded trace, under the engine's budgets, with so many workers, in cells of this size. */
export function simulateFleet(input: {
  readonly tenants: number
  readonly cap: number
  readonly workers: number
  readonly trace: readonly TraceItem[]
}): FleetResult {
  const { tenants, trace, workers } = input
  const random = createRandom(1)
  const { runners, cells } = placed(input)
  const heap = createEventHeap<Runner>()
  const waiting: Runner[] = []
  const buckets = new Map<string, { freeAt: number; readonly times: number[]; readonly serviceName: ServiceName }>()
  let free = workers
  let [live, end, head] = [0, 0, 0]
  for (const runner of runners) heap.push(0, runner)

  const leave = (runner: Runner, at: number, now: number): void => {
    runner.hasWorker = false
    runner.visits += 1
    heap.push(at, runner)
    const next = waiting[head]
    if (next === undefined) {
      free += 1
      return
    }
    head += 1
    next.hasWorker = true
    heap.push(now, next)
  }

  for (let one = heap.pop(); one !== undefined; one = heap.pop()) {
    const { at: now, value: runner } = one
    if (!runner.hasWorker) {
      if (free === 0) {
        waiting.push(runner)
        continue
      }
      free -= 1
      runner.hasWorker = true
    }
    const item = trace[runner.next]
    if (item === undefined) {
      live += 1
      end = Math.max(end, now)
      runner.hasWorker = false
      const next = waiting[head]
      if (next === undefined) free += 1
      else {
        head += 1
        next.hasWorker = true
        heap.push(now, next)
      }
      continue
    }
    if (item.kind === 'wait') {
      runner.next += 1
      leave(runner, now + item.milliseconds, now)
      continue
    }
    const key = `${runner.account}#${item.serviceName}`
    const bucket = buckets.get(key) ?? { freeAt: 0, times: [], serviceName: item.serviceName }
    buckets.set(key, bucket)
    const slot = Math.max(bucket.freeAt, now)
    if (slot - now > PAUSE_MAX_MILLISECONDS) {
      leave(runner, slot + Math.round(random() * Math.min(PUT_OFF_MILLISECONDS, 1000 * runner.visits)), now)
      continue
    }
    bucket.freeAt = slot + budgets[item.serviceName].intervalMilliseconds
    bucket.times.push(slot)
    runner.next += 1
    heap.push(slot + CALL_MILLISECONDS, runner)
  }
  if (live !== tenants) throw new Error(`${live} of ${tenants} came to live`)
  return { cells, hours: end / 3600_000, ...countsOf([...buckets.values()], end) }
}

/** Tenants in cells, as the allocator chooses; the fullest first. */
function placed({ tenants, cap }: { readonly tenants: number; readonly cap: number }) {
  const cells: Cell[] = Array.from({ length: Math.ceil(tenants / cap) }, (_, at) => ({
    ...cellInput(at, cap),
    cellId: `cel_${at}`,
    used: 0,
    createdAt: 0,
    version: 1,
  }))
  const runners = Array.from({ length: tenants }, (): Runner => {
    const cell = cellsFor(cells, { region: REGION, isEarly: false })[0]
    if (cell === undefined) throw new Error('no cell has room')
    cells[cells.indexOf(cell)] = { ...cell, used: cell.used + 1 }
    return { account: cell.awsAccountId, next: 0, hasWorker: false, visits: 1 }
  })
  return { runners, cells: cells.filter(({ used }) => used > 0).length }
}

function countsOf(
  buckets: readonly { readonly times: readonly number[]; readonly serviceName: ServiceName }[],
  end: number,
): Pick<FleetResult, 'overruns' | 'mostPerSecond' | 'busy'> {
  let overruns = 0
  const mostPerSecond: Record<string, number> = {}
  const busy: Record<string, number> = {}
  for (const { times, serviceName } of buckets) {
    const limit = limits[serviceName]
    if (limit !== undefined) overruns += overrunsOf(times, limit)
    mostPerSecond[serviceName] = Math.max(mostPerSecond[serviceName] ?? 0, mostInASecond(times))
    const used = (times.length * budgets[serviceName].intervalMilliseconds) / Math.max(1, end)
    busy[serviceName] = Math.max(busy[serviceName] ?? 0, used)
  }
  return { overruns, mostPerSecond, busy }
}

function mostInASecond(times: readonly number[]): number {
  let [first, most] = [0, 0]
  for (const [index, at] of times.entries()) {
    while (at - (times[first] ?? at) >= 1000) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}
