import type { Licence } from '#control-plane/core/licence/licence.ts'
import { openBenchPlane } from './bench-plane.ts'
import { ordersOf, seeded } from './orders.ts'
import { runOrder } from './run-order.ts'
import { recordScenario, type Scenario } from './scenario.ts'

export type OrdersRun = {
  readonly orders: number
  readonly deliveries: number
  /** Orders that ended in another licence than the events in their own order. */
  readonly wrong: readonly { readonly order: readonly number[]; readonly licence: string }[]
  readonly expected: Licence
}

const EVENTS = 8
/** So many of them are delivered a second time, at any place. */
const DUPLICATES = 3
/** A database in memory holds the rows of so many orders, then another is opened. */
const ORDERS_A_DATABASE = 500

/** Runs one in `every` orders of the eight events, beginning with the one numbered `from`, and compares how the licence ends. */
export async function runOrders(options: { readonly every: number; readonly from?: number }): Promise<OrdersRun> {
  const scenario = await recordScenario()
  const expected = await inOrder(scenario)
  const wrong: { readonly order: readonly number[]; readonly licence: string }[] = []
  let plane = openBenchPlane()
  let number = 0
  let orders = 0
  let deliveries = 0
  for (const order of ordersOf(EVENTS)) {
    number += 1
    if (number % options.every !== (options.from ?? 0)) continue
    const random = seeded(number)
    const all = withDuplicates(order, random)
    const licence = await runOrder({ plane, scenario, deliveries: all, random, name: `order-${number}` })
    orders += 1
    deliveries += all.length
    if (essence(licence) !== essence(expected)) wrong.push({ order, licence: essence(licence) })
    if (orders % ORDERS_A_DATABASE === 0) {
      await plane.close()
      plane = openBenchPlane()
    }
  }
  await plane.close()
  return { orders, deliveries, wrong, expected }
}

async function inOrder(scenario: Scenario): Promise<Licence> {
  const plane = openBenchPlane()
  const deliveries = Array.from({ length: EVENTS }, (_, at) => at)
  // Never moves by itself and nobody cuts in: each event meets exactly its own truth.
  const licence = await runOrder({ plane, scenario, deliveries, random: () => 1, name: 'in-order' })
  await plane.close()
  return licence
}

function withDuplicates(order: readonly number[], random: () => number): readonly number[] {
  const all = [...order]
  for (let count = 0; count < DUPLICATES; count += 1) {
    const again = all[Math.trunc(random() * all.length)] ?? 0
    all.splice(Math.trunc(random() * (all.length + 1)), 0, again)
  }
  return all
}

/** Everything of a licence but how often it was written and when it was last looked up. */
function essence({ stripe, ...rest }: Licence): string {
  return JSON.stringify(sorted({ ...rest, version: 0, stripe: { ...stripe, fetchedAt: 0 } }))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]))
}
