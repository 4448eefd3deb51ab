import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createInProcessReader } from '../harness/tenant/in-process-reader.ts'
import { memoReader } from '../harness/tenant/memo-reader.ts'
import { runSeed, type SeedResult } from './run-seed.ts'
import type { Planted } from './world.ts'

export type Simulated = {
  readonly seeds: number
  readonly mails: number
  readonly lost: number
  readonly stuck: number
  readonly sentAfterCancel: number
  readonly duplicates: number
  readonly unexcused: number
  /** One text for each of the first seeds that failed: what was wrong, and how it came to it. */
  readonly failures: readonly string[]
}

/** So many seeds share what was read: the same mails come again and again, but not for ever. */
const SEEDS_A_READER = 500
const FAILURES_SHOWN = 5
const TRACE_LINES = 60

/** Runs the seeds from `from` on, every `every`-th, `count` together. */
export async function runSeeds(
  { from, count, every = 1 }: { readonly from: number; readonly count: number; readonly every?: number },
  planted: Planted = {},
): Promise<Simulated> {
  const sum = { seeds: 0, mails: 0, lost: 0, stuck: 0, sentAfterCancel: 0, duplicates: 0, unexcused: 0 }
  const failures: string[] = []
  const store = openSqliteStore({ file: ':memory:' })
  let reader = memoReader(createInProcessReader())
  for (let at = 0; at < count; at += 1) {
    if (at % SEEDS_A_READER === 0) reader = memoReader(createInProcessReader())
    const result = await runSeed(from + at * every, { reader, store }, planted)
    sum.seeds += 1
    sum.mails += result.mails
    for (const name of ['lost', 'stuck', 'sentAfterCancel', 'duplicates'] as const) sum[name] += result[name].length
    sum.unexcused += result.unexcused
    const wrong = [
      ...result.lost,
      ...result.stuck,
      ...result.sentAfterCancel,
      ...(result.unexcused > 0 ? result.duplicates : []),
    ]
    if (wrong.length > 0 && failures.length < FAILURES_SHOWN) failures.push(told(result, wrong))
  }
  await store.close()
  return { ...sum, failures }
}

function told({ seed, trace }: SeedResult, wrong: readonly string[]): string {
  return [
    `SEED=${seed}`,
    ...wrong.map((line) => `  wrong: ${line}`),
    ...trace.slice(-TRACE_LINES).map((line) => `  ${line}`),
  ].join('\n')
}
