import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { tryForgedTokens } from './forged-tokens.ts'
import { runIsolation } from './run-isolation.ts'

const FORGED_TOKENS = 100_000

/** Every operation × asker × kind of foreign thing × place, and every guard taken out once; holes and guards that nobody missed are named. Then keys, sessions and links that nobody was given. */
export async function isolationFigures(_options: Pick<FigureOptions, 'full'>): Promise<readonly Figure[]> {
  const { requests, holes, guards } = await runIsolation({ every: 1, guardsEvery: 1 })
  for (const { attempt, why } of holes) process.stdout.write(`isolation: let in: ${attempt}: ${why}\n`)
  const missed = guards.filter(({ isCaught }) => !isCaught)
  for (const { guard } of missed) process.stdout.write(`isolation: nobody missed ${guard}\n`)
  const forged = await tryForgedTokens(FORGED_TOKENS)
  const figure = (name: string, value: number, unit: string): Figure => ({ group: 'isolation', name, value, unit })
  return [
    figure('requests', requests, 'requests'),
    figure('let_in', holes.length, 'requests'),
    figure('guards_removed', guards.length, 'guards'),
    figure('guards_caught', guards.length - missed.length, 'guards'),
    figure('forged_tokens', forged.tried, 'tokens'),
    figure('forged_accepted', forged.accepted, 'tokens'),
  ]
}
