import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createMachineRate } from './wire-rate.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

it('lets two domains of a machine send no faster together than the relay takes it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-rate-'))
  folders.push(folder)
  const sendsPerSecond = 20
  const rate = createMachineRate({
    file: join(folder, 'rate.sqlite'),
    sendsPerSecond,
    clock: systemClock,
    log: createCollectingLog(),
  })
  const moments: number[] = []
  const until = systemClock.now() + 60_000
  await Promise.all(
    ['one', 'two'].map(async (tenantId) => {
      const pace = rate.paceOf(tenantId)
      for (let left = 20; left > 0; left -= 1) {
        expect(await pace.turn({ kind: 'bulk', wanted: left, until })).toBe(true)
        moments.push(systemClock.now())
      }
    }),
  )
  await rate.close()
  const bySecond = Map.groupBy(moments, (moment) => Math.floor(moment / 1000))
  expect(moments).toHaveLength(40)
  expect(Math.max(...[...bySecond.values()].map(({ length }) => length))).toBeLessThanOrEqual(sendsPerSecond)
})
