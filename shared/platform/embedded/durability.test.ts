import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runAndKill } from '#test/harness/platform/kill-child.ts'
import { systemClock as clock } from '../node/system-clock.ts'
import { createFileBlobs } from './file-blobs.ts'
import { createOutbox } from './outbox.ts'
import { createQueues } from './queues.ts'
import { openSqliteStore, type SqliteStore } from './sqlite-store.ts'
import { createTable } from './table.ts'

/** Lines after which the child is killed; with 8 lanes each kill falls among calls under way. */
const KILLS = [1, 17, 64, 211]

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-durability-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Every acknowledgement of a few killed processes on one folder. */
async function killAFew(work: string): Promise<readonly string[]> {
  const acknowledged: string[] = []
  for (const lineCount of KILLS) acknowledged.push(...(await runAndKill(folder, work, lineCount)))
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS.reduce((sum, lines) => sum + lines, 0))
  return acknowledged
}

async function reopened<T>(look: (store: SqliteStore) => Promise<T>): Promise<T> {
  const store = openSqliteStore({ file: join(folder, 'tenant.sqlite') })
  try {
    return await look(store)
  } finally {
    await store.close()
  }
}

async function allSortKeys(pk: string): Promise<ReadonlySet<string>> {
  return reopened(async (store) => {
    const table = createTable({ store, clock, tenantId: 'tenant-a' })
    const keys = new Set<string>()
    let cursor: string | undefined
    do {
      const page = await table.query({ pk, limit: 1000, ...(cursor === undefined ? {} : { cursor }) })
      for (const { sk } of page.items) keys.add(sk)
      cursor = page.cursor
    } while (cursor !== undefined)
    return keys
  })
}

/** How often each body waits in a queue, in flight or not. */
async function allBodies(queueName: string): Promise<ReadonlyMap<string, number>> {
  return reopened(async (store) => {
    const definitions = [{ queueName, topicNames: [], visibilitySeconds: 60, maxReceives: 100 }]
    const { queues, releaseInFlight } = createQueues({ store, clock, definitions })
    await releaseInFlight()
    const counts = new Map<string, number>()
    for (;;) {
      const messages = await queues.receive(queueName, { max: 10 })
      if (messages.length === 0) return counts
      for (const { body } of messages) counts.set(body, (counts.get(body) ?? 0) + 1)
    }
  })
}

describe('after kill -9', () => {
  it('every acknowledged write of the table is there', async () => {
    const acknowledged = await killAFew('write')
    const stored = await allSortKeys('write')
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([])
  })

  it('every acknowledged transaction is there, and none is there by half', async () => {
    const acknowledged = await killAFew('transact')
    const [left, right] = [await allSortKeys('left'), await allSortKeys('right')]
    expect(acknowledged.filter((name) => !left.has(name))).toEqual([])
    expect(left).toEqual(right)
  })

  it('every row of an acknowledged putMany is there', async () => {
    for (const name of (await runAndKill(folder, 'putMany', 40)).slice(-10))
      expect((await allSortKeys(name)).size).toBe(30)
  })

  it('every acknowledged message waits once', async () => {
    const acknowledged = await killAFew('send')
    const waiting = await allBodies('work')
    expect(acknowledged.filter((name) => waiting.get(name) !== 1)).toEqual([])
  })

  it('every published message waits in each queue or in none', async () => {
    const acknowledged = await killAFew('publish')
    const [work, audit] = [await allBodies('work'), await allBodies('audit')]
    expect(acknowledged.filter((name) => work.get(name) !== 1)).toEqual([])
    expect(work).toEqual(audit)
  })

  it('no message whose deletion was acknowledged comes again, and what was held is released', async () => {
    const deleted = await killAFew('consume')
    const waiting = await allBodies('work')
    expect(deleted.filter((name) => waiting.has(name))).toEqual([])
  })

  it('every acknowledged blob is there whole, and no blob is there by half', async () => {
    const acknowledged = await killAFew('put')
    const blobs = await createFileBlobs({ folder: join(folder, 'blobs'), clock })
    for (const name of acknowledged)
      expect(Buffer.from(await blobs.get(`raw/${name.slice(-1)}/${name}`)).toString()).toBe(name.repeat(3000))
    const { blobs: listed } = await blobs.list('raw/', { limit: 1000 })
    expect(listed.length).toBeGreaterThanOrEqual(acknowledged.length)
    for (const { key, sizeBytes } of listed) expect(sizeBytes).toBe((key.split('/').at(-1) ?? '').length * 3000)
  })

  it('every accepted mail is in the outbox whole', async () => {
    const acknowledged = await killAFew('mail')
    await reopened(async (store) => {
      const outbox = createOutbox({ store, clock })
      for (const sendId of acknowledged) {
        const fate = await outbox.lookup(sendId)
        if (fate.fate !== 'accepted') throw new Error(`${sendId} is ${fate.fate}`)
        expect(Buffer.from(await outbox.raw(fate.mailerMessageId)).toString()).toBe(sendId.repeat(500))
      }
    })
  })

  it('two processes at once on one file lose no write', async () => {
    const both = await Promise.all([runAndKill(folder, 'count', 150), runAndKill(folder, 'count', 150)])
    const total = both[0].length + both[1].length
    await reopened(async (store) => {
      const row = await createTable({ store, clock, tenantId: 'tenant-a' }).get({ pk: 'counter', sk: 's' })
      // Each process may have died with up to its 8 lanes' writes done and not yet acknowledged.
      expect(row?.n).toBeGreaterThanOrEqual(total)
      expect(row?.n).toBeLessThanOrEqual(total + 16)
    })
  })
})
