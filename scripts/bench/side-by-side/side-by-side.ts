import assert from 'node:assert/strict'
import { type Runner, startRunner } from './runner.ts'

/** A few CPU seconds each: a cold peer is no peer. */
const WARM_UP_ROUNDS = 6
const ROUNDS = { quick: 11, full: 41 }

type Input<Name extends string> = {
  /** A module that calls `serveRunner`. */
  readonly worker: URL
  /** Mails per round, so that a round of each contender takes about as long and outlasts many collections of garbage. */
  readonly mailsPerRound: Readonly<Record<Name, number>>
  readonly contenders: readonly Name[]
  /** Whose facts all the others must find. */
  readonly oracle: Name
  readonly full: boolean
}

/**
 * CPU microseconds per mail of each contender, round by round and in turn: a slow minute of the machine hits all of them. Throws when one of
 * them reads other facts than the oracle.
 */
export async function sideBySide<Name extends string>(
  input: Input<Name>,
): Promise<readonly Readonly<Record<Name, number>>[]> {
  const { worker, mailsPerRound, contenders, oracle, full } = input
  const runners = new Map<Name, Runner>()
  try {
    for (const contender of contenders) runners.set(contender, await startRunner(worker, contender))
    await proveSameFacts(runners, oracle)
    const perRound: Record<Name, number>[] = []
    for (let round = -WARM_UP_ROUNDS; round < (full ? ROUNDS.full : ROUNDS.quick); round += 1) {
      const cost: { -readonly [contender in Name]: number } = { ...mailsPerRound }
      for (const [contender, runner] of runners) cost[contender] = await runner.cost(mailsPerRound[contender])
      if (round >= 0) perRound.push(cost)
    }
    return perRound
  } finally {
    for (const runner of runners.values()) runner.stop()
  }
}

async function proveSameFacts<Name extends string>(runners: ReadonlyMap<Name, Runner>, oracle: Name): Promise<void> {
  const expected = await runners.get(oracle)?.facts()
  assert.ok(Array.isArray(expected) && expected.length > 0, 'the oracle reads nothing')
  for (const [contender, runner] of runners)
    assert.deepEqual(await runner.facts(), expected, `${contender} reads other facts than ${oracle}`)
}
