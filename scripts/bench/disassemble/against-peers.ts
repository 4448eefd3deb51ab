import assert from 'node:assert/strict'
import type { Figure } from '../../figures/figure.ts'
import { median } from '../compose/interleaved.ts'
import { CONTENDERS, type ContenderName } from './contenders.ts'
import { type Runner, startRunner } from './runner.ts'

/** Mails per round, so that a round of each contender takes about as long and outlasts many collections of garbage. */
const MAILS_PER_ROUND: Readonly<Record<ContenderName, number>> = {
  product: 900,
  without_hop: 1200,
  simpleparser: 240,
  simpleparser_icaljs: 240,
}

/** A few CPU seconds each: a cold peer is no peer. */
const WARM_UP_ROUNDS = 6
const ROUNDS = { quick: 11, full: 41 }

/**
 * The create path against mailparser's simpleParser alone, by CPU seconds, one mail at a time: the product takes the mail to its
 * decision and crosses into the budgeted child for it, the peer only takes it apart. All must read the same facts first.
 */
export async function figuresAgainstPeers(isFull: boolean): Promise<readonly Figure[]> {
  const runners = new Map<ContenderName, Runner>()
  try {
    for (const contender of CONTENDERS) runners.set(contender, await startRunner(contender))
    await proveSameFacts(runners)
    const rounds = await measure(runners, isFull ? ROUNDS.full : ROUNDS.quick)
    const ratio = (ours: ContenderName, peer: ContenderName) => median(rounds.map((cost) => cost[peer] / cost[ours]))
    return [
      figure('vs_simpleparser', ratio('product', 'simpleparser'), 'x'),
      figure('vs_simpleparser_icaljs', ratio('product', 'simpleparser_icaljs'), 'x'),
      figure('vs_simpleparser_without_hop', ratio('without_hop', 'simpleparser'), 'x'),
      figure('cpu_per_mail', median(rounds.map((cost) => cost.product)), 'us'),
    ]
  } finally {
    for (const runner of runners.values()) runner.stop()
  }
}

function figure(name: string, value: number, unit: string): Figure {
  return { group: 'disassemble', name, value, unit }
}

async function proveSameFacts(runners: ReadonlyMap<ContenderName, Runner>): Promise<void> {
  const expected = await runners.get('simpleparser_icaljs')?.facts()
  assert.ok(Array.isArray(expected) && expected.length > 0, 'the peers read nothing')
  for (const [contender, runner] of runners) {
    assert.deepEqual(await runner.facts(), expected, `${contender} reads other facts than mailparser and ical.js`)
  }
}

/** CPU microseconds per mail, round by round, each contender in turn: a slow minute of the machine hits all of them. */
async function measure(
  runners: ReadonlyMap<ContenderName, Runner>,
  rounds: number,
): Promise<readonly Readonly<Record<ContenderName, number>>[]> {
  const perRound: Record<ContenderName, number>[] = []
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const cost = { product: 0, without_hop: 0, simpleparser: 0, simpleparser_icaljs: 0 }
    for (const [contender, runner] of runners) cost[contender] = await runner.cost(MAILS_PER_ROUND[contender])
    if (round >= 0) perRound.push(cost)
  }
  return perRound
}
