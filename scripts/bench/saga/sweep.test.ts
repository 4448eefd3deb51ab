import { expect, it } from 'vitest'
import { sweep } from './sweep.ts'

it('a worker killed, throttled or left without an answer at any point leaves no orphan and no double, alone and beside a twin', async () => {
  const { points, runs, ...found } = await sweep({ whole: false, stride: 43 })
  expect(runs).toBeGreaterThan(15)
  expect(points).toBe(runs)
  expect(found).toEqual({ orphans: 0, doubles: 0, stuck: 0 })
})
