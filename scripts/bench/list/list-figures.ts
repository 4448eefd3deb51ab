import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type * as z from 'zod'
import { EventView, pageOf } from '#shared/contracts/api.ts'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { ListView } from '#shared/contracts/lists-api.ts'
import { StatisticsView } from '#shared/contracts/statistics-api.ts'
import { demoKeyFileName } from '#tenant-stack/embedded/demo-key-file.ts'
import { type ProductProcess, runAsProcess } from '#tenant-stack/embedded/run-as-process.ts'
import { wireEmbedded } from '#tenant-stack/wire.ts'
import type { RunGroup } from '../../figures/figure.ts'
import { createProductClient, type ProductClient } from '../product/product-client.ts'

type List = z.infer<typeof ListView>

const ROWS = 100_000
const MAILS_A_PAGE = 1000
const LOOK_MILLISECONDS = 250
const PAUSED_MILLISECONDS = 3000
/** What lost its notice is found by the sweep, which comes every minute and waits a minute. */
const WAIT_MILLISECONDS_MAX = 30 * 60_000
const sample = new URL('../../../samples/google-single-timed.eml', import.meta.url)

/**
 * A list of a hundred thousand people on the embedded runtime, in a process of its own: checked, confirmed, paused and resumed on the way, and its
 * working child killed. Whom it reached is read from the outbox itself when the product has ended.
 */
export const listFigures: RunGroup = async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'convoke-list-'))
  const product = await runAsProcess({
    dataFolder,
    env: {
      CONVOKE_LOG_LEVEL: 'error',
      CONVOKE_INVITES_PER_EVENT: String(2 * ROWS),
      CONVOKE_SENDS_PER_DAY: String(2 * ROWS),
    },
  })
  try {
    const client = createProductClient(dataFolder)
    const eventId = await createEvent(client)
    const memory = watchMemory(product)
    const list = await send(client, product, await upload(client, product, eventId))
    const peak = await memory.stop()
    const statistics = StatisticsView.parse(await client.api(`/events/${eventId}/statistics`))
    await product.stop()
    const seen = await readOutbox(dataFolder)
    const isEqual =
      list.ended.planned === ROWS &&
      list.ended.sent === ROWS &&
      statistics.attendees === ROWS &&
      statistics.mail.sent === ROWS &&
      seen.mails === ROWS + seen.doubled
    return [
      { group: 'list', name: 'rows', value: ROWS, unit: 'rows' },
      { group: 'list', name: 'rows_per_s', value: Math.round(ROWS / list.seconds), unit: 'rows/s' },
      { group: 'list', name: 'peak_rss_mb', value: Math.round(peak), unit: 'MB' },
      { group: 'list', name: 'lost', value: ROWS - seen.people, unit: 'mails' },
      { group: 'list', name: 'doubled', value: seen.doubled, unit: 'mails' },
      { group: 'list', name: 'counters_equal', value: isEqual ? 1 : 0, unit: 'bool' },
    ]
  } finally {
    await product.killAll().catch(() => undefined)
    await rm(dataFolder, { recursive: true, force: true })
  }
}

async function createEvent(client: ProductClient): Promise<string> {
  const raw = (await readFile(sample, 'utf8')).replaceAll(/\r?\n/g, '\r\n')
  await client.send({ raw, from: 'ana.diaz@example.com', to: 'create@demo.localhost' })
  for (;;) {
    const [event] = pageOf(EventView).parse(await client.api('/events')).data
    if (event !== undefined) return event.id
    await pause(LOOK_MILLISECONDS)
  }
}

async function upload(client: ProductClient, product: ProductProcess, eventId: string): Promise<string> {
  const lines = Array.from({ length: ROWS }, (_, at) => `person${at}@example.org;Person ${at}`)
  const form = new FormData()
  form.set('file', new File([`email;name\n${lines.join('\n')}\n`], 'people.csv'))
  const key = (await readFile(join(product.dataFolder, demoKeyFileName), 'utf8')).trim()
  const { baseUrl } = await product.running()
  const response = await fetch(`${baseUrl}/v1/events/${eventId}/lists`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  })
  const { id } = ListView.parse(await response.json())
  const checked = await until(client, id, ({ state }) => state !== 'checking')
  if (checked.state !== 'ready' || checked.valid !== ROWS) throw new Error(`the check says ${JSON.stringify(checked)}`)
  say(`checked: ${checked.valid} of ${checked.rows}`)
  return id
}

/** The time without the pause, which is the bench's own. */
async function send(client: ProductClient, product: ProductProcess, listId: string) {
  const act = (verb: string) =>
    client.api(`/lists/${listId}/${verb}`, { method: 'POST', idempotencyKey: `${verb}-${listId}`, body: {} })
  const begun = performance.now()
  await act('confirm')
  await until(client, listId, ({ sent }) => sent >= ROWS / 10)
  await act('pause')
  const pausedAt = performance.now()
  await pause(PAUSED_MILLISECONDS)
  const resting = await look(client, listId)
  await pause(PAUSED_MILLISECONDS)
  const { sent } = await look(client, listId)
  if (sent !== resting.sent) throw new Error(`${sent - resting.sent} mails were sent of a list that is paused`)
  await act('resume')
  const paused = performance.now() - pausedAt
  say(`paused at ${sent}, resumed`)
  await until(client, listId, (list) => list.sent >= ROWS / 2)
  await product.killWorkingChild()
  say('killed and back')
  const ended = await until(client, listId, ({ state }) => state === 'done')
  return { ended, seconds: (performance.now() - begun - paused) / 1000 }
}

async function look(client: ProductClient, listId: string): Promise<List> {
  return ListView.parse(await client.api(`/lists/${listId}`))
}

async function until(client: ProductClient, listId: string, isSo: (list: List) => boolean): Promise<List> {
  const endsAt = performance.now() + WAIT_MILLISECONDS_MAX
  for (;;) {
    const list = await look(client, listId)
    if (isSo(list)) return list
    if (performance.now() > endsAt) throw new Error(`it does not come to an end: ${JSON.stringify(list)}`)
    await pause(LOOK_MILLISECONDS)
  }
}

/** The most that any working child held, in MB, by the kernel's own high-water mark. */
function watchMemory(product: ProductProcess) {
  let most = 0
  let isOver = false
  const watch = async () => {
    while (!isOver) {
      most = Math.max(most, await peakOf(product))
      await pause(LOOK_MILLISECONDS)
    }
  }
  const watching = watch()
  return {
    async stop() {
      isOver = true
      await watching
      return most
    },
  }
}

async function peakOf(product: ProductProcess): Promise<number> {
  try {
    const { pid } = await product.running()
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  } catch (error) {
    // Between the death of a child and the birth of the next there is none.
    if (error instanceof Error) return 0
    throw error
  }
}

/** Every mail to a person of the list, from the outbox itself. */
async function readOutbox(dataFolder: string) {
  const wired = await wireEmbedded(parseEnvironment({ CONVOKE_DATA: dataFolder }), 'http://localhost')
  const people = new Set<string>()
  let mails = 0
  let cursor: string | undefined
  try {
    do {
      const page = await wired.outbox.list({ limit: MAILS_A_PAGE, ...(cursor === undefined ? {} : { cursor }) })
      for (const { envelopeTo } of page.mails.filter((mail) => mail.envelopeTo.startsWith('person'))) {
        people.add(envelopeTo)
        mails += 1
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  } finally {
    await wired.close()
  }
  return { people: people.size, mails, doubled: mails - people.size }
}

function say(text: string): void {
  process.stderr.write(`list ${Math.round(performance.now() / 1000)} s: ${text}\n`)
}
