import type { Ctx } from '#control-plane/core/context.ts'
import { allCells } from '#control-plane/core/placement/cell-store.ts'

/** Each minute: has the warm pool of every region that has a cell looked after; where tenants come, accounts of their own are asked for too. */
export async function tellAccountPools(ctx: Ctx): Promise<number> {
  const regions = new Set((await allCells(ctx)).map(({ region }) => region))
  for (const region of regions) await ctx.queues.send('account-pool', JSON.stringify({ region }))
  return regions.size
}
