import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import type { Figure } from '../../figures/figure.ts'
import { runSuite } from '../emulator/run-suite.ts'
import { tryBadSignatures } from './bad-signatures.ts'

const BAD_SIGNATURES = 10_000

const Share = z.object({
  orders: z.number(),
  deliveries: z.number(),
  wrong: z.array(z.object({ order: z.array(z.number()), licence: z.string() })),
})

/** All orders of eight events of Stripe, with duplicates, moving truth and two workers; and forged events. */
export async function stripeFigures(): Promise<readonly Figure[]> {
  const every = Math.max(1, availableParallelism())
  const shares = await Promise.all(Array.from({ length: every }, (_, from) => runShare(every, from)))
  const wrong = shares.flatMap((share) => share.wrong)
  const { tried, accepted } = await tryBadSignatures(BAD_SIGNATURES)
  for (const { order, licence } of wrong.slice(0, 5))
    process.stdout.write(`stripe: the order ${order.join(' ')} ended as ${licence}\n`)
  const sum = (name: 'orders' | 'deliveries') => shares.reduce((total, share) => total + share[name], 0)
  const rows: readonly (readonly [string, number, string])[] = [
    ['orders', sum('orders'), 'orders'],
    ['deliveries', sum('deliveries'), 'events'],
    ['wrong_final', wrong.length, 'orders'],
    ['bad_signatures', tried, 'events'],
    ['accepted', accepted, 'events'],
  ]
  return [...rows.map(([name, value, unit]) => ({ group: 'stripe', name, value, unit })), ...(await shapeFigures())]
}

/** Each kind of request that billing sends, sent to Stripe's own mock server. */
async function shapeFigures(): Promise<readonly Figure[]> {
  const { reported } = await runSuite('--config', 'vitest.stripe.config.ts')
  return ['shapes_checked', 'shapes_refused', 'shapes_unchecked'].map((name) => {
    const value = reported.get(name)
    if (value === undefined) throw new Error(`test:stripe did not tell ${name}`)
    return { group: 'stripe', name, value, unit: 'requests' }
  })
}

async function runShare(every: number, from: number): Promise<z.infer<typeof Share>> {
  const child = join(import.meta.dirname, 'orders-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [child, String(every), String(from)], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return Share.parse(JSON.parse(stdout))
}
