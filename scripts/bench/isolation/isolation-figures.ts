import * as z from 'zod'
import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { runChild } from '../run-child.ts'
import { tryForgedTokens } from './forged-tokens.ts'
import { runIsolation } from './run-isolation.ts'

const FORGED_TOKENS = 100_000

const TenantIsolation = z.object({
  requests: z.number(),
  holes: z.array(z.string()),
  guards: z.array(z.object({ guard: z.string(), isCaught: z.boolean() })),
})

/** Every operation × asker × kind of foreign thing × place, and every guard taken out once; holes and guards that nobody missed are named. Then keys, sessions and links that nobody was given. The same of a tenant's API. */
export async function isolationFigures(_options: Pick<FigureOptions, 'full'>): Promise<readonly Figure[]> {
  const { requests, holes, guards } = await runIsolation({ every: 1, guardsEvery: 1 })
  for (const { attempt, why } of holes) process.stdout.write(`isolation: let in: ${attempt}: ${why}\n`)
  const missed = guards.filter(({ isCaught }) => !isCaught)
  for (const { guard } of missed) process.stdout.write(`isolation: nobody missed ${guard}\n`)
  const forged = await tryForgedTokens(FORGED_TOKENS)
  const tenant = await runChild(TenantIsolation, 'test/isolation/isolation-child.ts')
  for (const hole of tenant.holes) process.stdout.write(`isolation: let in at a tenant: ${hole}\n`)
  const unmissed = tenant.guards.filter(({ isCaught }) => !isCaught)
  for (const { guard } of unmissed) process.stdout.write(`isolation: nobody missed ${guard} at a tenant\n`)
  const figure = (name: string, value: number, unit: string): Figure => ({ group: 'isolation', name, value, unit })
  return [
    figure('requests', requests, 'requests'),
    figure('let_in', holes.length, 'requests'),
    figure('guards_removed', guards.length, 'guards'),
    figure('guards_caught', guards.length - missed.length, 'guards'),
    figure('forged_tokens', forged.tried, 'tokens'),
    figure('forged_accepted', forged.accepted, 'tokens'),
    figure('tenant_requests', tenant.requests, 'requests'),
    figure('tenant_let_in', tenant.holes.length, 'requests'),
    figure('tenant_guards_removed', tenant.guards.length, 'guards'),
    figure('tenant_guards_caught', tenant.guards.length - unmissed.length, 'guards'),
  ]
}
