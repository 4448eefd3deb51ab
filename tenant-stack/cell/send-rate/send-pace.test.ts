import { afterEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { type Table, TableFailure } from '#shared/platform/table.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createSendPace } from './send-pace.ts'

const start = Date.UTC(2026, 10, 26, 9)
const perSecond = 10
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A cell's table and a clock that a wait moves on. */
function open() {
  let now = start
  const clock = { now: () => now }
  const store = openSqliteStore({ file: ':memory:' })
  closing.push(() => store.close())
  const table = createTable({ store, clock, tenantId: 'cell' })
  const log = createCollectingLog()
  const paceOf = (owner: string, of: Table = table) =>
    createSendPace({
      table: of,
      owner,
      clock,
      waitUntil: async (moment) => {
        now = Math.max(now, moment)
      },
      random: () => 0.5,
      perSecond,
      log,
    })
  return { clock, table, log, paceOf }
}

describe('the pace of a tenant', () => {
  it('gives each slot once, also to two that ask by turns', async () => {
    const { clock, paceOf } = open()
    const [one, two] = [paceOf('ten_one'), paceOf('ten_two')]
    const moments: number[] = []
    for (let mail = 0; mail < 200; mail += 1) {
      const kind = mail % 7 === 0 ? 'single' : 'bulk'
      const pace = mail % 2 === 0 ? one : two
      expect(await pace.turn({ kind, wanted: 90, until: start + 3_600_000 })).toBe(true)
      moments.push(clock.now())
    }
    const bySecond = Map.groupBy(moments, (moment) => Math.floor(moment / 1000))
    expect(Math.max(...[...bySecond.values()].map(({ length }) => length))).toBeLessThanOrEqual(perSecond)
  })

  it('says so at once when no turn comes in time', async () => {
    const { clock, paceOf } = open()
    const pace = paceOf('ten_one')
    for (let mail = 0; mail < 3; mail += 1) await pace.turn({ kind: 'bulk', wanted: 90, until: start + 60_000 })
    const before = clock.now()
    expect(await pace.turn({ kind: 'bulk', wanted: 90, until: before })).toBe(false)
    expect(clock.now()).toBe(before)
  })

  it('goes on slowly without its table, and says so', async () => {
    const { clock, log, paceOf } = open()
    const gone = () => Promise.reject(TableFailure.unavailable('The table cannot be reached.'))
    const table: Table = {
      get: gone,
      getMany: gone,
      write: gone,
      transact: gone,
      putMany: gone,
      query: gone,
      scan: gone,
    }
    const pace = paceOf('ten_one', table)
    expect(await pace.turn({ kind: 'bulk', wanted: 90, until: start + 60_000 })).toBe(true)
    expect(await pace.turn({ kind: 'single', wanted: 1, until: start + 60_000 })).toBe(true)
    expect(clock.now()).toBe(start + 10_000)
    expect(await pace.turn({ kind: 'bulk', wanted: 90, until: start + 15_000 })).toBe(false)
    expect(log.entries.length).toBeGreaterThan(0)
  })
})
