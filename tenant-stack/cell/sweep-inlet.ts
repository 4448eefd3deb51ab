import { INLET_PREFIX, SES_SETUP_NOTIFICATION } from '#shared/contracts/cell-inlet.ts'
import { SesMessageId } from '#shared/contracts/ses-receipt.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { BlobInfo } from '#shared/platform/blobs.ts'
import type { CellCtx } from './context.ts'
import { routeOrphan } from './route-orphan.ts'

/** A receipt that is not lost is worked on well within this. */
const OLD_AFTER_MS = 600_000

export type InletSweep = {
  /** Objects that nobody can be told of, or not yet. */
  readonly unrouted: number
  /** Age of the oldest of them. */
  readonly oldestSeconds: number
}

/**
 * Routes what lies in the inlet longer than it should: what SES accepted must arrive also when its notice was lost. Nothing is begun
 * after `until` (epoch milliseconds), but all is counted.
 */
export async function sweepInlet(ctx: CellCtx, input: { readonly until: number }): Promise<InletSweep> {
  const before = ctx.clock.now() - OLD_AFTER_MS
  let unrouted = 0
  let oldest = ctx.clock.now()
  let cursor: string | undefined
  do {
    const page = await ctx.inlet.list(INLET_PREFIX, { limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    for (const blob of page.blobs) {
      if (blob.storedAt >= before || (await isCaredFor(ctx, blob, input.until))) continue
      unrouted += 1
      oldest = Math.min(oldest, blob.storedAt)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return { unrouted, oldestSeconds: Math.round((ctx.clock.now() - oldest) / 1000) }
}

/** One object that cannot be routed keeps no other from it. */
async function isCaredFor(ctx: CellCtx, blob: BlobInfo, until: number): Promise<boolean> {
  const sesMessageId = blob.key.slice(INLET_PREFIX.length)
  if (sesMessageId === SES_SETUP_NOTIFICATION) return true
  if (!SesMessageId.safeParse(sesMessageId).success || ctx.clock.now() >= until) return false
  try {
    return (await routeOrphan(ctx, { sesMessageId, blob })) !== 'unroutable'
  } catch (error) {
    // Routed and taken away meanwhile.
    if (isFailure(error, 'blob.not_found')) return true
    const code = isFailure(error) ? error.code : String(error).slice(0, 200)
    ctx.log.warn({ at: 'cell.sweep_failed', sesMessageId, code })
    return false
  }
}
