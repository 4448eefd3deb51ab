import { isFailure } from '#shared/errors/failure.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { type Chunk, planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'

/**
 * An event that moved on while its mails were leaving: those who just received the older state are sent the new one, whoever
 * the audience of the change is. Without this, a change that raced a send would leave a wrong time in a calendar.
 */
export async function planCatchUp(
  ctx: Ctx,
  sent: { readonly chunk: Chunk; readonly sentSequence: number },
): Promise<void> {
  const calendarEvent = await findEvent(ctx, sent.chunk.eventId)
  if (calendarEvent === undefined || calendarEvent.lastWholeSequence <= sent.sentSequence) return
  await planCurrent(ctx, {
    chunkId: `${sent.chunk.ledgerId}-after-${calendarEvent.sequence}`,
    kind: 'catchup',
    eventId: sent.chunk.eventId,
    sequence: calendarEvent.sequence,
    invitationIds: sent.chunk.invitationIds,
  })
}

/** Plans a chunk that sends the event's present state; the same `chunkId` plans it once. */
export async function planCurrent(
  ctx: Ctx,
  plan: {
    readonly chunkId: string
    readonly kind: 'catchup' | 'resend'
    readonly eventId: string
    readonly sequence: number
    readonly invitationIds: readonly string[]
  },
): Promise<void> {
  try {
    await ctx.table.write(planChunkOperation(ctx, { ...plan, topicName: 'chunk-planned' }))
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
  await publish(ctx, 'chunk-planned', { chunkId: plan.chunkId })
}
