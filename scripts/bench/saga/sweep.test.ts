import { expect, it } from 'vitest'
import { liveOneLife } from './life.ts'
import { sweep } from './sweep.ts'

it('a worker killed, throttled or left without an answer at any point leaves no orphan and no double, alone and beside a twin', async () => {
  const { points, runs, ...found } = await sweep({ whole: false, stride: 43 })
  expect(runs).toBeGreaterThan(15)
  expect(points).toBe(runs)
  expect(found).toEqual({ orphans: 0, doubles: 0, stuck: 0 })
})

it('two workers whose lease changes hands in the middle of a step write its end once', async () => {
  // Found by the sweep: the late one of two took a step up that the other had just finished.
  for (const at of [88, 90, 92, 93, 94, 96]) {
    const life = await liveOneLife({ hasTwin: true, fault: { at, kind: 'crash_before' } })
    expect([life.orphans, life.doubles, life.stuckIn]).toEqual([0, 0, undefined])
  }
})
