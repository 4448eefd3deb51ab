import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { builderOf, CONTENDERS, type Contender } from './contenders.ts'
import { median, type Runner, startRunner } from './interleaved.ts'
import { countParsedBack, randomRecipients, whatIsWrong } from './proof.ts'
import { sampleRecipients, sampleRevision } from './sample-invite.ts'

const PARSED_BACK = 10_000

/** Mails per round, so that a round of each contender takes about as long. */
const MAILS_PER_ROUND: Readonly<Record<Contender, number>> = {
  splice: 60_000,
  buffer_concat: 60_000,
  nodemailer_icalgenerator: 400,
  nodemailer_icaljs: 500,
}

/** Some CPU seconds each: the libraries get twice as fast while the engine learns them, and a cold peer is no peer. */
const WARM_UP_MAILS: Readonly<Record<Contender, number>> = {
  splice: 300_000,
  buffer_concat: 300_000,
  nodemailer_icalgenerator: 4000,
  nodemailer_icaljs: 4000,
}

const ROUNDS = { quick: 11, full: 31 }

const GROWTH_ROUNDS = { quick: 3, full: 7 }

/**
 * The composer against the usual libraries and against joining ready octets, by CPU seconds. What a contender builds is read
 * back and compared before it is timed; throws when anything is wrong with it.
 */
export async function composeFigures({ full }: FigureOptions): Promise<readonly Figure[]> {
  await proveContenders()
  const parsedBack = await countParsedBack(randomRecipients(PARSED_BACK))
  if (parsedBack < PARSED_BACK) throw new Error(`only ${parsedBack} of ${PARSED_BACK} mails were read back as meant`)
  const runners = new Map<Contender, Runner>()
  try {
    for (const contender of CONTENDERS) runners.set(contender, await startRunner(contender))
    const ratios = await ratiosOf(runners, full ? ROUNDS.full : ROUNDS.quick)
    const growth = await growthOf(full ? GROWTH_ROUNDS.full : GROWTH_ROUNDS.quick)
    return [
      figure('vs_nodemailer_icalgenerator', ratios.nodemailer_icalgenerator, 'x'),
      figure('vs_nodemailer_icaljs', ratios.nodemailer_icaljs, 'x'),
      figure('vs_buffer_concat', ratios.buffer_concat, 'x'),
      figure('parsed_back', parsedBack, 'mails'),
      figure('growth_1m_vs_100k', growth, 'x'),
    ]
  } finally {
    for (const runner of runners.values()) runner.stop()
  }
}

function figure(name: string, value: number, unit: string): Figure {
  return { group: 'compose', name, value, unit }
}

async function proveContenders(): Promise<void> {
  const recipients = sampleRecipients(20)
  for (const contender of CONTENDERS) {
    const build = await builderOf(contender, sampleRevision, recipients)
    for (const [index, recipient] of recipients.entries()) {
      const wrong = await whatIsWrong(sampleRevision, recipient, await build(recipient, index))
      if (wrong.length > 0) throw new Error(`${contender} builds a wrong mail: ${wrong.join('; ')}`)
    }
  }
}

type Ratios = Readonly<Record<Exclude<Contender, 'splice'>, number>>

/** Round by round, each contender in turn; a ratio compares neighbours in time, so a slow minute of the machine hits both. */
async function ratiosOf(runners: ReadonlyMap<Contender, Runner>, rounds: number): Promise<Ratios> {
  const perRound: Record<Contender, number>[] = []
  for (const [contender, runner] of runners) await runner.rate(WARM_UP_MAILS[contender])
  for (let round = 0; round < rounds; round += 1) {
    const rates = { splice: 0, buffer_concat: 0, nodemailer_icalgenerator: 0, nodemailer_icaljs: 0 }
    for (const [contender, runner] of runners) rates[contender] = await runner.rate(MAILS_PER_ROUND[contender])
    perRound.push(rates)
  }
  const ratio = (peer: Contender) => median(perRound.map((rates) => rates.splice / rates[peer]))
  return {
    buffer_concat: ratio('buffer_concat'),
    nodemailer_icalgenerator: ratio('nodemailer_icalgenerator'),
    nodemailer_icaljs: ratio('nodemailer_icaljs'),
  }
}

/** CPU per mail of a million in one go over that of a hundred thousand just before and just after it, warm. */
async function growthOf(rounds: number): Promise<number> {
  const runner = await startRunner('splice')
  try {
    await runner.rate(WARM_UP_MAILS.splice)
    const ratios: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const before = await runner.rate(100_000)
      const large = await runner.rate(1_000_000)
      const after = await runner.rate(100_000)
      ratios.push((before + after) / 2 / large)
    }
    return median(ratios)
  } finally {
    runner.stop()
  }
}
