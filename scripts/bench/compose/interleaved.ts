import { fork } from 'node:child_process'
import { z } from 'zod'
import { answerOf } from '../side-by-side/answer-of.ts'

const Measured = z.object({ cpuMicroseconds: z.number(), octets: z.number() })

/** One contender in a process of its own: what the others allocate or compile cannot touch it. */
export type Runner = {
  /** Mails per CPU second, over `count` of them. */
  readonly rate: (count: number) => Promise<number>
  readonly stop: () => void
}

export type RunnerOptions = {
  /** The program that measures, as `worker.ts` here does. */
  readonly program?: URL
  readonly env?: Readonly<Record<string, string>>
}

export async function startRunner(contender: string, options: RunnerOptions = {}): Promise<Runner> {
  const { program = new URL('worker.ts', import.meta.url), env = {} } = options
  const child = fork(program, [contender], { env: { ...process.env, ...env } })
  await answerOf(child)
  return {
    rate: async (count) => {
      child.send(count)
      const { cpuMicroseconds, octets } = Measured.parse(await answerOf(child))
      const octetsEach = octets / count
      if (octetsEach < 10_000 || octetsEach > 11_500)
        throw new Error(`${contender} built mails of ${octetsEach} octets`)
      return count / (cpuMicroseconds / 1e6)
    },
    stop: () => child.disconnect(),
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
