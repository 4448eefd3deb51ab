import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

/** An object that may have ended since it was listed: undefined then. */
export async function findBlob(ctx: Ctx, key: string): Promise<Uint8Array | undefined> {
  try {
    return await ctx.blobs.get(key)
  } catch (error) {
    if (isFailure(error, 'blob.not_found')) return undefined
    throw error
  }
}
