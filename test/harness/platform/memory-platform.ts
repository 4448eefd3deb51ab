import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Blobs } from '#shared/platform/blobs.ts'
import { createFileBlobs } from '#shared/platform/embedded/file-blobs.ts'
import { createIndexLag } from '#shared/platform/embedded/index-lag.ts'
import { createOutbox, type Outbox } from '#shared/platform/embedded/outbox.ts'
import type { QueueFaults } from '#shared/platform/embedded/queue-messages.ts'
import { createQueues, type EmbeddedQueues } from '#shared/platform/embedded/queues.ts'
import { openSqliteStore, type SqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import type { QueueDefinition, Queues, Topics } from '#shared/platform/queue.ts'
import type { Ids } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import { type CollectingLog, createCollectingLog } from './collecting-log.ts'
import { createCountingIds } from './counting-ids.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createMemoryBlobs } from './memory-blobs.ts'

export type MemoryPlatformOptions = {
  readonly tenantId?: string
  readonly queueDefinitions?: readonly QueueDefinition[]
  /** Index queries then answer late, until `catchUpIndexes`. */
  readonly indexLag?: boolean
  readonly queueFaults?: QueueFaults
  /** Blobs without a disk. */
  readonly isWithoutFiles?: boolean
  /** A database in memory that is used again: it is emptied first, and stays open. */
  readonly store?: SqliteStore
}

export type MemoryPlatform = {
  readonly table: Table
  /** The same database as another tenant sees it. */
  readonly tableOf: (tenantId: string) => Table
  readonly topics: Topics
  readonly queues: Queues
  readonly embeddedQueues: EmbeddedQueues
  readonly blobs: Blobs
  readonly mailer: Mailer
  readonly outbox: Outbox
  readonly clock: ManualClock
  readonly ids: Ids
  readonly log: CollectingLog
  readonly store: SqliteStore
  /** Without `indexLag` there is nothing to do. */
  readonly catchUpIndexes: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Every embedded port on a database in memory and a temporary folder, with a clock and ids of the test's own. */
export async function createMemoryPlatform(options: MemoryPlatformOptions = {}): Promise<MemoryPlatform> {
  const { tenantId = 'tenant-a', queueDefinitions = [], queueFaults } = options
  const clock = createManualClock()
  const store = options.store ?? openSqliteStore({ file: ':memory:' })
  if (options.store !== undefined) await empty(store)
  const folder = options.isWithoutFiles === true ? undefined : await mkdtemp(join(tmpdir(), 'convoke-test-'))
  const indexLag = options.indexLag === true ? await createIndexLag(store) : undefined
  const embeddedQueues = createQueues({
    store,
    clock,
    definitions: queueDefinitions,
    ...(queueFaults === undefined ? {} : { faults: queueFaults }),
  })
  const outbox = createOutbox({ store, clock })

  function tableOf(id: string): Table {
    return createTable({ store, clock, tenantId: id, ...(indexLag === undefined ? {} : { indexLag }) })
  }

  return {
    table: tableOf(tenantId),
    tableOf,
    topics: embeddedQueues.topics,
    queues: embeddedQueues.queues,
    embeddedQueues,
    blobs: folder === undefined ? createMemoryBlobs(clock) : await createFileBlobs({ folder, clock }),
    mailer: outbox,
    outbox,
    clock,
    ids: createCountingIds(),
    log: createCollectingLog(),
    store,
    async catchUpIndexes() {
      await indexLag?.catchUp()
    },
    async close() {
      if (options.store === undefined) await store.close()
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Opening one and making its tables costs more than a short run does. */
async function empty(store: SqliteStore): Promise<void> {
  await store.write(() => {
    for (const table of ['rows', 'queue_messages', 'outbox_mails']) store.prepare(`DELETE FROM ${table}`).run()
  })
}
