import { ROUTER_QUEUE } from '#shared/contracts/cell-inlet.ts'
import type { CellCtx } from './context.ts'
import { sweepInlet } from './sweep-inlet.ts'

/** Sweeps the inlet and says in one line how the cell is; the cell's alarm is made of it, and also of its absence. */
export async function watchCell(ctx: CellCtx, input: { readonly until: number }): Promise<void> {
  const { unrouted, oldestSeconds } = await sweepInlet(ctx, input)
  const { visible, inFlight, delayed } = await ctx.queues.depth(ROUTER_QUEUE)
  const deadLetters = (await ctx.queues.depth(`${ROUTER_QUEUE}-dlq`)).visible
  const waiting = visible + inFlight + delayed
  ctx.log.metric({ at: 'cell.watched', waiting, deadLetters, unrouted, oldestSeconds })
}
