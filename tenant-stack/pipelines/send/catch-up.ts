import { isFailure } from '#shared/errors/failure.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { invitationKey } from '#tenant-stack/core/invitation/invitation.ts'
import { catchUpRestMs } from '#tenant-stack/core/send-ledger/catch-up-rest.ts'
import { type Chunk, type ChunkPlan, planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'

type Sent = { readonly chunk: Chunk; readonly sentSequence: number }

/**
 * An event that moved on while its mails were leaving: those who received the older state are sent the new one, whoever the
 * audience of the change is. Without this, a change that raced a send would leave a wrong time in a calendar. The chunk is not
 * published but left to the sweep: the change's own fan-out may reach the same people in this moment, and both would send. What the
 * fan-out claims from now on leaves them to this chunk (`Invitation.catchUp`), and what it has claimed before is recorded when this one
 * falls due.
 */
export async function planCatchUp(ctx: Ctx, sent: Sent): Promise<void> {
  const { ledgerId, originId = ledgerId, invitationIds } = sent.chunk
  await plan(ctx, sent, (sequence) => ({ chunkId: `${originId}-after-${sequence}`, originId, invitationIds }))
}

/** The same for one attendee, of whom it was learnt late that a mail had reached him. */
export async function planLateCatchUp(ctx: Ctx, sent: Sent & { readonly invitationId: string }): Promise<void> {
  const { invitationId } = sent
  await plan(ctx, sent, (sequence) => ({
    chunkId: `chk_${invitationId}-told-${sequence}`,
    invitationIds: [invitationId],
  }))
}

type Named = Pick<ChunkPlan, 'chunkId' | 'originId' | 'invitationIds'>

async function plan(ctx: Ctx, { chunk, sentSequence }: Sent, namedAt: (sequence: number) => Named): Promise<void> {
  const calendarEvent = await findEvent(ctx, chunk.eventId)
  if (calendarEvent === undefined) return
  const { eventId, sequence } = calendarEvent
  // Who is in the audience of a change is in that of a called-off date as well; who was just invited is in none.
  const newest = chunk.kind === 'revision' ? calendarEvent.lastWholeSequence : sequence
  if (newest <= sentSequence) return
  const named = namedAt(sequence)
  const operation = planChunkOperation(ctx, {
    ...named,
    kind: 'catchup',
    eventId,
    sequence,
    topicName: 'chunk-planned',
    restMs: catchUpRestMs(ctx),
  })
  await whereItHolds(ctx.table.write(operation))
  // Also of one that was planned before: whoever did may have died here. It ends only after this.
  for (const invitationId of named.invitationIds)
    await whereItHolds(
      ctx.table.write({
        kind: 'update',
        key: invitationKey(eventId, invitationId),
        set: { catchUp: { chunkId: named.chunkId, sequence } },
        when: { row: 'present' },
      }),
    )
}

async function whereItHolds(written: Promise<void>): Promise<void> {
  try {
    await written
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
