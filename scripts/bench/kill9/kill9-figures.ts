import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type ProductProcess, runAsProcess } from '#tenant-stack/embedded/run-as-process.ts'
import type { Figure, RunGroup } from '../../figures/figure.ts'
import { createOutboxReader } from '../product/outbox-reader.ts'
import { createProductClient } from '../product/product-client.ts'
import { type MailStream, startStream } from './stream.ts'
import { type Verdict, verify } from './verify.ts'

const sizes = {
  full: { cycles: 1000, whole: 50 },
  quick: { cycles: 100, whole: 5 },
}
/** Long enough for work to be going on, short enough for most of it to be cut off. */
const life = { leastMilliseconds: 50, mostMilliseconds: 800 }
/** Now and then a longer one, so that on a busy machine too the stream gets somewhere between the kills. */
const longLife = { leastMilliseconds: 1000, mostMilliseconds: 3000 }
const longLifeEvery = 10
/** What lost its notice is found by the sweep, which comes every minute and waits a minute. */
const drainMilliseconds = 300_000
/** One more sweep after all is there: it must find nothing to do twice. */
const afterSweepMilliseconds = 65_000
const progressEvery = 25
const shownMax = 20

/**
 * Kills the working child at random moments under a stream of mail, and now and then the whole product; then lets it finish
 * and holds it to everything it had accepted.
 */
export const kill9Figures: RunGroup = async ({ full }) => {
  const size = full ? sizes.full : sizes.quick
  const dataFolder = await mkdtemp(join(tmpdir(), 'convoke-kill9-'))
  const client = createProductClient(dataFolder)
  const outbox = createOutboxReader(client)
  let product = await start(dataFolder)
  try {
    const stream = startStream(client, outbox)
    const killed = await kill(
      size,
      () => product,
      async () => {
        product = await start(dataFolder)
      },
      stream,
    )
    say('stopping the stream')
    await stream.stop()
    const seen = [...stream.seen]
    const check = async () => {
      seen.push(...(await outbox.readNew()))
      return verify(client, stream.promised, seen)
    }
    await settle(check)
    await pause(afterSweepMilliseconds)
    const last = await check()
    for (const line of last.lost.slice(0, shownMax)) say(`lost: ${line}`)
    for (const line of last.doubled.slice(0, shownMax)) say(`doubled: ${line}`)
    const { creates, invitations, replies, updates, repeats } = stream.promised
    say(
      `${creates.size} creates, ${invitations.size} invitations, ${replies.size} replies, ${updates.size} updates; ${repeats} attempts met a closed door or were cut off`,
    )
    return figuresOf({
      ...killed,
      lost: last.lost.length,
      doubled: last.doubled.length,
      promised: creates.size + invitations.size + replies.size + updates.size,
    })
  } finally {
    await product.killAll().catch(() => undefined)
    await rm(dataFolder, { recursive: true, force: true })
  }
}

function start(dataFolder: string): Promise<ProductProcess> {
  return runAsProcess({ dataFolder, env: { CONVOKE_LOG_LEVEL: 'error' } })
}

async function kill(
  size: { readonly cycles: number; readonly whole: number },
  product: () => ProductProcess,
  startAgain: () => Promise<void>,
  stream: MailStream,
): Promise<{ readonly cycles: number; readonly whole: number }> {
  const wholeEvery = Math.round(size.cycles / size.whole)
  let whole = 0
  for (let cycle = 1; cycle <= size.cycles; cycle++) {
    await live(cycle % longLifeEvery === 0 ? longLife : life)
    await product().killWorkingChild()
    if (cycle % wholeEvery === 0) {
      await live(life)
      await product().killAll()
      await startAgain()
      whole += 1
    }
    if (cycle % progressEvery === 0)
      say(`${cycle} kills, ${whole} of the whole; ${stream.promised.creates.size} creates accepted`)
  }
  return { cycles: size.cycles, whole }
}

function live({ leastMilliseconds, mostMilliseconds }: typeof life): Promise<void> {
  return pause(leastMilliseconds + Math.random() * (mostMilliseconds - leastMilliseconds))
}

/** Verifies until nothing is missing any more, or it has had time enough. */
async function settle(check: () => Promise<Verdict>): Promise<void> {
  const until = performance.now() + drainMilliseconds
  while (performance.now() < until) {
    const { lost } = await check()
    if (lost.length === 0) return
    say(`${lost.length} not there yet, such as ${lost[0]}`)
    await pause(5000)
  }
}

function figuresOf(counts: Readonly<Record<string, number>>): readonly Figure[] {
  const units: Readonly<Record<string, string>> = {
    cycles: 'kills',
    whole: 'kills',
    lost: 'promises',
    doubled: 'effects',
    promised: 'promises',
  }
  return Object.entries(counts).map(([name, value]) => ({ group: 'kill9', name, value, unit: units[name] ?? 'count' }))
}

function say(text: string): void {
  process.stderr.write(`kill9 ${Math.round(performance.now() / 1000)} s: ${text}\n`)
}
