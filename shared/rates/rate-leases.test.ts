import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import type { RateCtx } from './limit-rate.ts'
import { createRateLeases, type RateLeases } from './rate-leases.ts'

const LIMIT = { name: 'test', max: 600, windowSeconds: 60 } as const

let platform: MemoryPlatform
let writes = 0
let ctx: RateCtx
beforeEach(async () => {
  platform = await createMemoryPlatform()
  writes = 0
  const { table, clock } = platform
  ctx = {
    clock,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    table: {
      ...table,
      write(operation) {
        writes += 1
        return table.write(operation)
      },
    },
  }
})
afterEach(() => platform.close())

async function within(leases: readonly RateLeases[], times: number, of = 'key_1'): Promise<number> {
  let count = 0
  for (let time = 0; time < times; time += 1) {
    const one = leases[time % leases.length]
    if (one !== undefined && (await one.take(ctx, LIMIT, of)).isWithin) count += 1
  }
  return count
}

describe('a limit that many processes share', () => {
  it('gives one process all of it and no more, with few writes, and none for a flood', async () => {
    expect(await within([createRateLeases()], 700)).toBe(600)
    expect(writes).toBeLessThanOrEqual(30)
    const before = writes
    const full = createRateLeases()
    expect(await within([full], 1000)).toBe(0)
    expect(writes - before).toBe(1)
  })

  it('never gives many processes more, and hardly less', async () => {
    const many = Array.from({ length: 50 }, () => createRateLeases())
    const count = await within(many, 1500)
    expect(count).toBeLessThanOrEqual(600)
    expect(count).toBeGreaterThan(500)
  })

  it('lets each of a hundred processes have its one request', async () => {
    const many = Array.from({ length: 100 }, () => createRateLeases())
    expect(await within(many, 100)).toBe(100)
  })

  it('says what is left and when it begins anew, and does so then', async () => {
    const leases = createRateLeases()
    const first = await leases.take(ctx, LIMIT, 'key_1')
    expect(first).toMatchObject({ isWithin: true, remaining: 599 })
    expect((await leases.take(ctx, LIMIT, 'key_1')).remaining).toBe(598)
    await within([leases], 700)
    const { isWithin, remaining, resetSeconds } = await leases.take(ctx, LIMIT, 'key_1')
    expect([isWithin, remaining]).toEqual([false, 0])
    expect((await leases.take(ctx, LIMIT, 'key_2')).isWithin).toBe(true)
    platform.clock.advance(resetSeconds)
    expect((await leases.take(ctx, LIMIT, 'key_1')).isWithin).toBe(true)
  })

  it('gives simultaneous requests of one process no more either', async () => {
    const leases = createRateLeases()
    const taken = await Promise.all(Array.from({ length: 900 }, () => leases.take(ctx, LIMIT, 'key_1')))
    const count = taken.filter(({ isWithin }) => isWithin).length
    expect(count).toBeLessThanOrEqual(600)
    expect(count).toBeGreaterThan(0)
  })
})
