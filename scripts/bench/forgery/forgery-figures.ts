import * as z from 'zod'
import type { RunGroup } from '../../figures/figure.ts'
import { runChild } from '../run-child.ts'

const TOKENS = { quick: 10_000, full: 100_000 }

const Forgery = z.object({
  combined: z.object({ combinations: z.number(), acted: z.number(), outside: z.array(z.string()) }),
  tokens: z.object({ tried: z.number(), accepted: z.number(), which: z.array(z.string()) }),
})

/** Mails in every combination of verdicts and shapes of From, and tokens that nobody was given; what should not have acted is told. */
export const forgeryFigures: RunGroup = async ({ full }) => {
  const count = full ? TOKENS.full : TOKENS.quick
  const { combined, tokens } = await runChild(Forgery, 'test/forgery/forgery-child.ts', '--tokens', String(count))
  for (const line of [...combined.outside, ...tokens.which]) process.stderr.write(`forgery: ${line}\n`)
  const figure = (name: string, value: number, unit: string) => ({ group: 'forgery', name, value, unit })
  return [
    figure('combinations', combined.combinations, 'mails'),
    figure('acted', combined.acted, 'mails'),
    figure('acted_outside_table', combined.outside.length, 'mails'),
    figure('forged_tokens', tokens.tried, 'tokens'),
    figure('accepted', tokens.accepted, 'tokens'),
  ]
}
