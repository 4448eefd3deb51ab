import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import type { Condition, Table, WriteOperation } from '#shared/platform/table.ts'
import type { Ports } from '../harness/platform/around-ports.ts'
import { createInProcessReader } from '../harness/tenant/in-process-reader.ts'
import { runSeed } from './run-seed.ts'
import { runSeeds, type Simulated } from './run-seeds.ts'
import type { Planted } from './world.ts'

/** Of the 20,000 that the figures run. */
const SEEDS = 2000
/** A planted fault must show within so many, looked at some at a time. */
const PLANTED_SEEDS = 160
const AT_A_TIME = 8

it('loses, forgets and doubles nothing, and sends nothing after a cancel, whatever goes wrong in whatever order', async () => {
  const { failures, seeds, mails, lost, stuck, sentAfterCancel, unexcused, duplicates } = await runSeeds({
    from: 1,
    count: SEEDS,
  })
  expect(failures.join('\n')).toBe('')
  expect({ seeds, lost, stuck, sentAfterCancel, unexcused }).toEqual({
    seeds: SEEDS,
    lost: 0,
    stuck: 0,
    sentAfterCancel: 0,
    unexcused: 0,
  })
  expect(mails).toBeGreaterThan(SEEDS * 3)
  // One late word of the feed in so many seeds is within the figure; the figures' run has the size to hold it to a share.
  expect(duplicates).toBeLessThanOrEqual(1)
}, 900_000)

it('plays the same seed the same way again', async () => {
  const play = async () => {
    const store = openSqliteStore({ file: ':memory:' })
    const { trace, ...told } = await runSeed(7, { reader: createInProcessReader(), store })
    await store.close()
    // Message ids of the outbox are random.
    return { told, trace: trace.map((line) => line.replaceAll(/"messageId":.*/g, '')) }
  }
  expect(await play()).toEqual(await play())
})

/** Ports with another table. */
const withTable = (change: (table: Table) => Partial<Table>) => (ports: Ports) => ({
  ...ports,
  table: { ...ports.table, ...change(ports.table) },
})

/** The same operation, whatever it was held to. */
function unheld(operation: WriteOperation): WriteOperation {
  const key = operation.kind === 'put' ? operation.item : operation.key
  const always: Condition = { anyOf: [{ row: 'absent' }, { row: 'present' }] }
  return key.pk.startsWith('ledger#') ? { ...operation, when: always } : operation
}

const isSuppression = ({ pk }: { readonly pk: string }) => pk.startsWith('suppressed#')

/** Runs seeds with a planted fault until the figure has moved so far. */
async function until(
  figure: keyof Simulated,
  least: number,
  planted: Planted,
  { first, seeds } = { first: 5000, seeds: PLANTED_SEEDS },
): Promise<number> {
  let moved = 0
  for (let from = first; from < first + seeds && moved < least; from += AT_A_TIME)
    moved += Number((await runSeeds({ from, count: AT_A_TIME }, planted))[figure])
  return moved
}

describe('a fault that is built in is found', () => {
  it('claims that hold nobody off double mails', async () => {
    const ports = withTable((table) => ({
      // Who looks sees nobody at work nor before him, and what he writes is held to nothing.
      get: async (key) => {
        const row = await table.get(key)
        return row?.state === 'CLAIMED' && key.pk.startsWith('ledger#') ? { ...row, state: 'PLANNED', attempt: 0 } : row
      },
      write: (operation) => table.write(unheld(operation)),
      transact: (operations) => table.transact(operations.map(unheld)),
    }))
    // Two workers must come to one mail in the same moment, which one storm in some hundreds brings about.
    expect(await until('duplicates', 1, { ports }, { first: 101, seeds: 1500 })).toBeGreaterThanOrEqual(1)
  }, 300_000)

  it('without its sweeps the tenant leaves work undone', async () => {
    expect(await until('stuck', 2, { isWithoutSweeps: true })).toBeGreaterThanOrEqual(2)
  }, 300_000)

  it('a mailer that takes mails and loses them loses them', async () => {
    let taken = 0
    const ports = (before: Ports): Ports => ({
      ...before,
      mailer: {
        ...before.mailer,
        async send(mail) {
          taken += 1
          return taken % 5 === 0 ? { mailerMessageId: `gone-${taken}` } : before.mailer.send(mail)
        },
      },
    })
    expect(await until('lost', 2, { ports })).toBeGreaterThanOrEqual(2)
  }, 300_000)

  it('who does not look at suppressions sends after the wish for no more mail', async () => {
    const ports = withTable((table) => ({
      getMany: async (keys) => (await table.getMany(keys)).filter((item) => !isSuppression(item)),
    }))
    expect(await until('sentAfterCancel', 1, { ports })).toBeGreaterThan(0)
  }, 300_000)

  it('who takes a cancelled event for a confirmed one sends it after its cancel', async () => {
    const ports = withTable((table) => ({
      get: async (key) => {
        const row = await table.get(key)
        return row !== undefined && key.sk === 'event' ? { ...row, status: 'confirmed' } : row
      },
      transact: (operations) => table.transact(operations.filter(({ kind }) => kind !== 'check')),
    }))
    expect(await until('sentAfterCancel', 1, { ports })).toBeGreaterThan(0)
  }, 300_000)
})
