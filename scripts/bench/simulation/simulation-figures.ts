import { availableParallelism } from 'node:os'
import * as z from 'zod'
import type { RunGroup } from '../../figures/figure.ts'
import { runChild } from '../run-child.ts'

const SEEDS = { quick: 1000, full: 20_000 }

const Simulated = z.object({
  seeds: z.number(),
  mails: z.number(),
  lost: z.number(),
  stuck: z.number(),
  sentAfterCancel: z.number(),
  duplicates: z.number(),
  unexcused: z.number(),
  failures: z.array(z.string()),
})

/** Seeded runs of a whole tenant on a virtual clock under faults, on every processor; a seed that fails is told with its trace. */
export const simulationFigures: RunGroup = async ({ full }) => {
  const all = full ? SEEDS.full : SEEDS.quick
  const lanes = Math.max(1, availableParallelism())
  const begun = performance.now()
  const ran = await Promise.all(
    Array.from({ length: lanes }, (_, lane) => {
      const count = Math.floor(all / lanes) + (lane < all % lanes ? 1 : 0)
      const share = ['--from', String(1 + lane), '--count', String(count), '--every', String(lanes)]
      return runChild(Simulated, 'test/simulation/seeds-child.ts', ...share)
    }),
  )
  for (const failure of ran.flatMap(({ failures }) => failures)) process.stderr.write(`${failure}\n`)
  const sum = (name: Exclude<keyof z.infer<typeof Simulated>, 'failures'>) =>
    ran.reduce((total, one) => total + one[name], 0)
  const figure = (name: string, value: number, unit: string) => ({ group: 'simulation', name, value, unit })
  return [
    figure('seeds', sum('seeds'), 'runs'),
    figure('mails', sum('mails'), 'mails'),
    figure('runs_per_s', (1000 * sum('seeds')) / (performance.now() - begun), 'runs/s'),
    figure('lost', sum('lost'), 'promises'),
    figure('stuck', sum('stuck'), 'promises'),
    figure('sent_after_cancel', sum('sentAfterCancel'), 'mails'),
    figure('duplicate_ppm', (1_000_000 * sum('duplicates')) / sum('mails'), 'ppm'),
    figure('unexcused', sum('unexcused'), 'mails'),
  ]
}
