import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EventView } from '#shared/contracts/api.ts'
import { type ProductProcess, runAsProcess } from '#tenant-stack/embedded/run-as-process.ts'
import type { RunGroup } from '../../figures/figure.ts'
import { createProductClient, type ProductClient } from '../product/product-client.ts'
import { readReceivedMails } from '../product/received-mails.ts'

const starts = { full: 7, quick: 3 }
const samplesFolder = new URL('../../../samples/', import.meta.url)
const createAddress = 'create@demo.localhost'
const lookMilliseconds = 5
const giveUpMilliseconds = 30_000

/** `npm start` to ready on an empty data folder, the median; then the slowest sample from mail sent to event readable. */
export const startFigures: RunGroup = async ({ full }) => {
  const readySeconds: number[] = []
  for (let n = 0; n < (full ? starts.full : starts.quick); n++) {
    readySeconds.push(
      await onNewFolder(async (folder) => {
        const began = performance.now()
        const product = await startByNpm(folder)
        const seconds = (performance.now() - began) / 1000
        await product.stop()
        return seconds
      }),
    )
  }
  const eventSeconds = await onNewFolder(async (folder) => {
    const product = await startByNpm(folder)
    const seconds = await measureSamples(createProductClient(folder))
    await product.stop()
    return seconds
  })
  return [
    { group: 'start', name: 'ready_s', value: median(readySeconds), unit: 's' },
    { group: 'start', name: 'first_event_s', value: Math.max(...eventSeconds), unit: 's' },
    { group: 'start', name: 'first_event_samples', value: eventSeconds.length, unit: 'samples' },
  ]
}

/** Nothing compiled is kept from one start to the next: it is timed as in a fresh clone. */
function startByNpm(folder: string): Promise<ProductProcess> {
  return runAsProcess({
    dataFolder: folder,
    isByNpm: true,
    env: { NODE_COMPILE_CACHE: join(folder, 'compiled'), CONVOKE_CONTROL: 'on' },
  })
}

/** Every sample that makes an event, one after the other: seconds from the first SMTP byte to the event by the API. */
async function measureSamples(client: ProductClient): Promise<readonly number[]> {
  const seconds: number[] = []
  for (const name of (await readdir(samplesFolder)).filter(isCreate)) {
    const raw = await readFile(new URL(name, samplesFolder), 'utf8')
    const began = performance.now()
    const { answer } = await client.send({ raw, from: 'organizer@example.com', to: createAddress })
    const mailId = /mail_[a-z0-9]{26}/.exec(answer)?.[0]
    const eventId = await eventOf(client, mailId, name)
    const event = EventView.parse(await client.api(`/events/${eventId}`))
    seconds.push((performance.now() - began) / 1000)
    if (event.subject === '') throw new Error(`${name} became an event without a title`)
  }
  return seconds
}

function isCreate(name: string): boolean {
  return name.endsWith('.eml') && !/-(update|cancel)(-one)?\.eml$/.test(name)
}

async function eventOf(client: ProductClient, mailId: string | undefined, name: string): Promise<string> {
  const until = performance.now() + giveUpMilliseconds
  while (performance.now() < until) {
    const mail = (await readReceivedMails(client, 1)).find((one) => one.mail_id === mailId)
    const eventId = mail?.outcome?.event_ids[0]
    if (eventId !== undefined) return eventId
    if (mail?.outcome !== undefined) throw new Error(`${name} became ${mail.outcome.reason}, not an event`)
    await pause(lookMilliseconds)
  }
  throw new Error(`${name} became nothing within ${giveUpMilliseconds / 1000} s`)
}

async function onNewFolder<T>(job: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-start-'))
  try {
    return await job(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
