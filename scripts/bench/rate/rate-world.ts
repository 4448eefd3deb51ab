import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import type { Table } from '#shared/platform/table.ts'
import { createSendPace } from '#tenant-stack/cell/send-rate/send-pace.ts'
import type { PaceKind } from '#tenant-stack/core/send-ledger/send-pace.ts'
import { createRandom } from '../saga/virtual-clock.ts'
import { createVirtualTime } from './virtual-time.ts'

/** What a call of the table takes on AWS in the same region, and what handing a mail over takes; a worker does one after the other. */
const TABLE_MS = 6
const MAIL_MS = 50

export type SentMail = { readonly owner: string; readonly at: number }

/** Tenants of one cell on its rate table, each worker with a pace of its own as in a function of its own. */
export function createRateWorld(perSecond: number) {
  const start = Date.UTC(2026, 10, 26, 9)
  const time = createVirtualTime(start)
  const store = openSqliteStore({ file: ':memory:' })
  const log = createJsonLog({ clock: time, writeLine: (line) => void process.stderr.write(line) })
  const sent: SentMail[] = []
  const random = createRandom(perSecond)
  let calls = 0
  const table = slow(createTable({ store, clock: time, tenantId: 'cell' }), async (act) => {
    calls += 1
    await time.waitUntil(time.now() + TABLE_MS)
    return time.during(act)
  })
  const paceOf = (owner: string) =>
    createSendPace({
      table,
      owner,
      clock: time,
      waitUntil: time.waitUntil,
      random,
      perSecond,
      log,
    })

  /** A worker that sends so many mails, or what it can until a moment. */
  async function work(
    owner: string,
    job: { readonly kind: PaceKind; readonly mails: () => number; readonly took: () => void; readonly until: number },
  ): Promise<void> {
    const pace = paceOf(owner)
    while (job.mails() > 0 && time.now() < job.until) {
      job.took()
      const isMine = await pace.turn({ kind: job.kind, wanted: 90, until: job.until })
      if (!isMine) return
      sent.push({ owner, at: time.now() })
      await time.waitUntil(time.now() + MAIL_MS)
    }
  }

  return {
    start,
    time,
    sent,
    paceOf,
    calls: () => calls,
    /** Enough workers of a tenant that the rate is the limit. */
    workers: (share: number) => Math.max(2, Math.ceil(((perSecond * share * MAIL_MS) / 1000) * 1.5)),
    /** Starts the workers of a tenant with a backlog of mails. */
    backlog(owner: string, input: { readonly mails: number; readonly workers: number; readonly until: number }) {
      let left = input.mails
      return Promise.all(
        Array.from({ length: input.workers }, () =>
          work(owner, {
            kind: 'bulk',
            mails: () => left,
            took: () => {
              left -= 1
            },
            until: input.until,
          }),
        ),
      )
    },
    close: () => store.close(),
  }
}

function slow(table: Table, around: <T>(act: () => Promise<T>) => Promise<T>): Table {
  return {
    get: (key) => around(() => table.get(key)),
    getMany: (keys) => around(() => table.getMany(keys)),
    write: (operation) => around(() => table.write(operation)),
    transact: (operations) => around(() => table.transact(operations)),
    putMany: (items) => around(() => table.putMany(items)),
    query: (query) => around(() => table.query(query)),
    scan: (scan) => around(() => table.scan(scan)),
  }
}
