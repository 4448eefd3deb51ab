import { isFailure } from '#shared/errors/failure.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { type Chunk, planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'

/**
 * An event that moved on while its mails were leaving: those who received the older state are sent the new one, whoever the
 * audience of the change is. Without this, a change that raced a send would leave a wrong time in a calendar. The chunk is not
 * published but left to the sweep: the change's own fan-out may reach the same people in this moment, and both would send.
 */
export async function planCatchUp(
  ctx: Ctx,
  sent: { readonly chunk: Chunk; readonly sentSequence: number },
): Promise<void> {
  const { chunk, sentSequence } = sent
  const calendarEvent = await findEvent(ctx, chunk.eventId)
  if (calendarEvent === undefined) return
  // Who is in the audience of a change is in that of a called-off date as well; who was just invited is in none.
  const newest = chunk.kind === 'revision' ? calendarEvent.lastWholeSequence : calendarEvent.sequence
  if (newest <= sentSequence) return
  const plan = planChunkOperation(ctx, {
    chunkId: `${chunk.ledgerId.replace(/-after-\d+$/, '')}-after-${calendarEvent.sequence}`,
    kind: 'catchup',
    eventId: chunk.eventId,
    sequence: calendarEvent.sequence,
    invitationIds: chunk.invitationIds,
    topicName: 'chunk-planned',
  })
  try {
    await ctx.table.write(plan)
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
