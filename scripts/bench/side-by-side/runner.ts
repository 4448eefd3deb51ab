import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { z } from 'zod'

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
  await answer(child)
  const ask = async (what: number | string): Promise<unknown> => {
    child.send(what)
    return answer(child)
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

/** A runner that dies is an error, not a wait for ever. */
async function answer(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController()
  const died = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
    throw new Error(`the measuring process ended with ${code}`)
  })
  try {
    const [said] = await Promise.race([once(child, 'message', { signal: gone.signal }), died])
    return said
  } finally {
    gone.abort()
    await died.catch((error: unknown) => {
      if (!gone.signal.aborted) throw error
    })
  }
}
