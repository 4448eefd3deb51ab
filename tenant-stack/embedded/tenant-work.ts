import { isFailure } from '#shared/errors/failure.ts'
import { startQueueRunner } from '#shared/runtime/queue-runner.ts'
import { startSweeper } from '#shared/runtime/sweeper.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { pipelineNames, pipelines, queueNameOf, sweepNames, sweeps } from '#tenant-stack/manifest.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import type { Wired } from '#tenant-stack/wire.ts'

export type TimedTask = { readonly name: string; readonly everySeconds: number; readonly sweep: () => Promise<void> }

/** Takes nothing new; resolves when what runs has ended. */
export type TenantWork = { stop(): Promise<void> }

/** Runs a tenant's queues and sweeps until stopped, the queues once `isReaderWarm` has resolved. */
export function startTenantWork(
  wired: Wired,
  options: { readonly isReaderWarm: Promise<void>; readonly more?: readonly TimedTask[] },
): TenantWork {
  const { ctx, own } = wired
  const runner = options.isReaderWarm.then(() =>
    startQueueRunner({ own, tasks: tasksOf(ctx), clock: ctx.clock, log: ctx.log }),
  )
  const sweeper = startSweeper(
    [
      ...sweepNames().map((name) => ({
        name,
        everySeconds: sweeps[name].everySeconds,
        sweep: () => sweepHandlers[name](ctx),
      })),
      { name: 'expired', everySeconds: 3600, sweep: () => removeAllExpired(wired) },
      ...(options.more ?? []),
    ],
    ctx.log,
  )
  return {
    async stop() {
      await Promise.all([sweeper.stop(), (await runner).stop()])
    },
  }
}

/**
 * Waits until a parser process is there. A record received before that would only wait for it, and a product killed again and
 * again in that time would use up the record's receives without having tried it once.
 */
export async function warmReader(ctx: Ctx): Promise<void> {
  try {
    await ctx.reader.disassemble(Buffer.from('Subject: Is anybody there?\r\n\r\n'))
  } catch (error) {
    if (!isFailure(error)) throw error
    ctx.log.warn({ at: 'product.reader', code: error.code })
  }
}

async function removeAllExpired(wired: Wired): Promise<void> {
  while (await wired.removeExpired());
}

function tasksOf(ctx: Ctx) {
  return pipelineNames().map((name) => {
    const { concurrency, batchSize, timeoutSeconds } = pipelines[name]
    const handle = (body: string) => pipelineHandlers[name](ctx, body)
    return { queueName: queueNameOf(name), concurrency, batchSize, timeoutSeconds, handle }
  })
}
