import { expect, it } from 'vitest'
import { createEventHeap } from './event-heap.ts'
import { overrunsOf } from './limits.ts'
import { recordTrace } from './record-trace.ts'
import { simulateFleet } from './simulate-fleet.ts'

it('sets 300 tenants up in three cells without asking any service faster than AWS allows', async () => {
  const trace = await recordTrace()
  expect(trace.filter((item) => item.kind === 'call' && item.serviceName === 'custom_domain')).toHaveLength(1)
  const { cells, hours, overruns } = simulateFleet({ tenants: 300, cap: 100, workers: 300, trace })
  expect([cells, overruns]).toEqual([3, 0])
  // A hundred custom domains of a cell, one in 30 s, are the least that it can take.
  expect(hours).toBeGreaterThan((99 * 30) / 3600)
  const slower = simulateFleet({ tenants: 300, cap: 100, workers: 3, trace })
  expect([slower.cells, slower.overruns]).toEqual([3, 0])
  expect(slower.hours).toBeGreaterThan(hours)
})

it('tells calls that come too soon', () => {
  const limit = { calls: 5, windowMilliseconds: 1000 }
  expect(overrunsOf([0, 200, 400, 600, 800, 1000], limit)).toBe(0)
  expect(overrunsOf([0, 200, 400, 600, 800, 999, 1000], limit)).toBe(2)
})

it('takes the earliest out first', () => {
  const heap = createEventHeap<number>()
  for (const at of [5, 1, 4, 1, 3, 9, 2]) heap.push(at, at)
  const drained = Array.from({ length: 7 }, () => heap.pop()?.value)
  expect(drained).toEqual([1, 1, 2, 3, 4, 5, 9])
  expect(heap.pop()).toBeUndefined()
})
