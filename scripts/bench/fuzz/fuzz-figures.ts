import * as z from 'zod'
import type { RunGroup } from '../../figures/figure.ts'
import { runChild } from '../run-child.ts'

const TRIES = { quick: 2000, full: 20_000 }

const Fuzzed = z.object({
  tried: z.number(),
  uncaught: z.number(),
  overBudget: z.number(),
  outcomes: z.record(z.string(), z.number()),
  failures: z.array(z.string()),
})

/** Mutated mails of the samples, and of `--dir` when given, through the whole way in; each must end in one outcome within its budget. */
export const fuzzFigures: RunGroup = async ({ full, dir }) => {
  const count = full ? TRIES.full : TRIES.quick
  const folder = dir === undefined ? [] : ['--dir', dir]
  const { tried, uncaught, overBudget, outcomes, failures } = await runChild(
    Fuzzed,
    'test/fuzz/fuzz-child.ts',
    '--count',
    String(count),
    ...folder,
  )
  for (const failure of failures) process.stderr.write(`fuzz: ${failure}\n`)
  for (const [outcome, many] of Object.entries(outcomes)) process.stdout.write(`${many}\t${outcome}\n`)
  const figure = (name: string, value: number) => ({ group: 'fuzz', name, value, unit: 'mails' })
  return [figure('tried', tried), figure('uncaught', uncaught), figure('over_budget', overBudget)]
}
