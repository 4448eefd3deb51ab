import * as z from 'zod'
import type { EventRevised } from '#shared/contracts/notices.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markUnfinished } from '../unfinished.ts'

/** Where a fan-out stands: the cursor makes a second run go on where the first was killed. */
export const FanOut = z.object({
  eventId: z.string(),
  sequence: z.number(),
  state: z.enum(['running', 'done', 'superseded']),
  /** Pages planned so far; names the chunks, so that planning a page twice plans it once. */
  page: z.number(),
  cursor: z.string().optional(),
  /** Of the pages so far: who is mailed, who was invited at all, and who wants no mail or whose mail comes back. Absent: begun before this was counted. */
  told: z.number().optional(),
  seen: z.number().optional(),
  silent: z.number().optional(),
})
export type FanOut = z.infer<typeof FanOut>

export function fanOutKey({ eventId, sequence }: EventRevised) {
  return { pk: `event#${eventId}`, sk: `fan#${String(sequence).padStart(10, '0')}` }
}

export async function findFanOut(ctx: Ctx, revised: EventRevised): Promise<FanOut | undefined> {
  const row = await ctx.table.get(fanOutKey(revised))
  return row === undefined ? undefined : FanOut.parse(row)
}

/** Names the chunk of one page. */
export function fanOutChunkId({ eventId, sequence }: EventRevised, page: number): string {
  return `chk_${eventId}-${sequence}-${page}`
}

/**
 * The put that begins a fan-out, written with its revision: it stays marked until the last page is planned, so that no notice that
 * was lost, or given up on, leaves a change untold.
 */
export function planFanOutOperation(
  ctx: Ctx,
  revised: EventRevised,
  topicName: 'event-updated' | 'event-cancelled',
): WriteOperation {
  const first: FanOut = { ...revised, state: 'running', page: 0, told: 0, seen: 0, silent: 0 }
  const dueAt = ctx.clock.now() + 60_000
  const mark = markUnfinished(ctx, { rowName: revised.eventId, dueAt, topicName, body: JSON.stringify(revised) })
  return { kind: 'put', item: { ...fanOutKey(revised), ...first, ...mark }, when: { row: 'absent' } }
}
