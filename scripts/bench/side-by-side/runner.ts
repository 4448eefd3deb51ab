import { fork } from 'node:child_process'
import { z } from 'zod'
import { answerOf } from './answer-of.ts'

/** One contender in a process of its own: what the others allocate or compile cannot touch it. */
export type Runner = {
  /** CPU microseconds per mail, over `count` of them. */
  readonly cost: (count: number) => Promise<number>
  /** What it read of each sample mail. */
  readonly facts: () => Promise<unknown>
  readonly stop: () => void
}

/** `worker`: a module that calls `serveRunner` with the contender that its argument names. */
export async function startRunner(worker: URL, contender: string): Promise<Runner> {
  const child = fork(worker, [contender])
  await answerOf(child)
  const ask = async (what: number | string): Promise<unknown> => {
    child.send(what)
    return answerOf(child)
  }
  return {
    cost: async (count) =>
      z
        .number()
        .positive()
        .parse(await ask(count)),
    facts: () => ask('facts'),
    stop: () => child.disconnect(),
  }
}
