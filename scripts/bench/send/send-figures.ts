import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { median, type Runner, startRunner } from '../compose/interleaved.ts'
import { whatIsWrong } from '../compose/proof.ts'
import { sampleRecipients, sampleRevision } from '../compose/sample-invite.ts'
import { CONTENDERS, type Contender } from './contenders.ts'
import { type MockSes, startMockSes } from './mock-ses.ts'

const PROVEN = 20

/** Mails per round, so that a round of each takes about as long. */
const MAILS_PER_ROUND: Readonly<Record<Contender, number>> = { ours: 2000, default_worker: 500 }
const WARM_UP_MAILS: Readonly<Record<Contender, number>> = { ours: 4000, default_worker: 2000 }
const ROUNDS = { quick: 7, full: 21 }

/**
 * Building, signing and posting one mail after another over TLS, by CPU seconds of the sending process, against the libraries that a worker is usually
 * made of. What arrives is read back before anything is timed.
 */
export async function sendFigures({ full }: FigureOptions): Promise<readonly Figure[]> {
  const ses = await startMockSes()
  const runners = new Map<Contender, Runner>()
  try {
    for (const contender of CONTENDERS) {
      const program = new URL('worker.ts', import.meta.url)
      const runner = await startRunner(contender, { program, env: ses.env })
      runners.set(contender, runner)
      await prove(contender, runner, ses)
      await runner.rate(WARM_UP_MAILS[contender])
    }
    const ratios: number[] = []
    for (let round = 0; round < (full ? ROUNDS.full : ROUNDS.quick); round += 1) {
      const rates = { ours: 0, default_worker: 0 }
      for (const [contender, runner] of runners) rates[contender] = await runner.rate(MAILS_PER_ROUND[contender])
      process.stdout.write(`send: ${rates.ours.toFixed(0)} against ${rates.default_worker.toFixed(0)} a CPU second\n`)
      ratios.push(rates.ours / rates.default_worker)
    }
    return [{ group: 'send', name: 'vs_default_worker', value: median(ratios), unit: 'x' }]
  } finally {
    for (const runner of runners.values()) runner.stop()
    await ses.close()
  }
}

async function prove(contender: Contender, runner: Runner, ses: MockSes): Promise<void> {
  ses.keep(true)
  await runner.rate(PROVEN)
  const mails = ses.keep(false)
  for (const recipient of sampleRecipients(PROVEN)) {
    const raw = mails.get(recipient.address)
    if (raw === undefined) throw new Error(`${contender} sent nothing to ${recipient.address}`)
    const wrong = await whatIsWrong(sampleRevision, recipient, raw)
    if (wrong.length > 0) throw new Error(`${contender} sends a wrong mail: ${wrong.join('; ')}`)
  }
}
