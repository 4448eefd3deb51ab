import type { Ctx } from '#tenant-stack/core/context.ts'
import { closeDays } from '#tenant-stack/core/counters/roll-up.ts'
import { takeLicence } from '#tenant-stack/core/licence-standing/take-licence.ts'
import type { SweepName } from '#tenant-stack/manifest.ts'
import { sweepInbound } from './sweeps/sweep-inbound.ts'
import { sweepQueues } from './sweeps/sweep-queues.ts'
import { sweepUnfinished } from './sweeps/sweep-unfinished.ts'
import { tellAll, tellHealth } from './tell/tell-control-plane.ts'

/** Every timed work of the manifest; both runtimes call these and nothing else. */
export const sweepHandlers: { readonly [K in SweepName]: (ctx: Ctx) => Promise<void> } = {
  inbound: sweepInbound,
  unfinished: sweepUnfinished,
  queues: async (ctx) => {
    await sweepQueues(ctx)
    if ((await takeLicence(ctx)) === 'taken') await tellHealth(ctx)
  },
  tell: async (ctx) => {
    await tellAll(ctx)
    await closeDays(ctx)
  },
}
