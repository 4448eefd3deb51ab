import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createFileBlobs } from '#shared/platform/embedded/file-blobs.ts'
import { createOutbox } from '#shared/platform/embedded/outbox.ts'
import { lockDataFolder } from '#shared/platform/embedded/owner-lock.ts'
import { createQueues } from '#shared/platform/embedded/queues.ts'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'

/** Entry of a process that is going to be killed: does one kind of work for ever and prints what was acknowledged. */
const [folder = '.', work = ''] = process.argv.slice(2)
const LANES = 8

const store = openSqliteStore({ file: join(folder, 'tenant.sqlite') })
const clock = systemClock
const table = createTable({ store, clock, tenantId: 'tenant-a' })
const { queues, topics } = createQueues({
  store,
  clock,
  definitions: [
    { queueName: 'work', topicNames: ['news'], visibilitySeconds: 60, maxReceives: 5 },
    { queueName: 'audit', topicNames: ['news'], visibilitySeconds: 60, maxReceives: 5 },
  ],
})
const outbox = createOutbox({ store, clock })
const blobs = await createFileBlobs({ folder: join(folder, 'blobs'), clock })

const tasks: Record<string, (name: string) => Promise<void>> = {
  async write(name) {
    await table.write({ kind: 'put', item: { pk: 'write', sk: name } })
  },
  async transact(name) {
    await table.transact(
      ['left', 'right'].map((pk) => ({ kind: 'put', item: { pk, sk: name }, when: { row: 'absent' } }) as const),
    )
  },
  putMany: (name) => table.putMany(Array.from({ length: 30 }, (_, at) => ({ pk: name, sk: `s${100 + at}` }))),
  send: (name) => queues.send('work', name),
  publish: (name) => topics.publish('news', name),
  async consume(name) {
    await queues.send('work', name)
    const [message] = await queues.receive('work', { max: 1 })
    if (message === undefined) throw new Error('the queue is empty')
    await queues.delete('work', message.receiptHandle)
    acknowledge(message.body)
  },
  put: (name) => blobs.put(`raw/${name.slice(-1)}/${name}`, Buffer.from(name.repeat(3000))),
  async mail(name) {
    const raw = Buffer.from(name.repeat(500))
    await outbox.send({ sendId: name, envelopeFrom: null, envelopeTo: 'a@example.org', raw })
  },
  async count() {
    await table.write({ kind: 'update', key: { pk: 'counter', sk: 's' }, add: { n: 1 } })
  },
}

/** Straight to the descriptor: a line that was written is not lost with the process. */
function acknowledge(line: string): void {
  writeSync(1, `${line}\n`)
}

async function runLane(lane: number): Promise<void> {
  const task = tasks[work]
  if (task === undefined) throw new Error(`there is no work ${work}`)
  for (let at = 0; ; at += 1) {
    const name = `${process.pid}-${lane}-${at}`
    await task(name)
    if (work !== 'consume') acknowledge(name)
  }
}

if (work === 'lock') {
  lockDataFolder(folder)
  acknowledge(String(process.pid))
  // Lives until it is killed.
  setInterval(() => undefined, 60_000)
} else await Promise.all(Array.from({ length: LANES }, (_, lane) => runLane(lane)))
