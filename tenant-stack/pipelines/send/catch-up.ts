import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { invitationKey, isOlderCatchUp, reservedFor } from '#tenant-stack/core/invitation/invitation.ts'
import { catchUpRestMs } from '#tenant-stack/core/send-ledger/catch-up-rest.ts'
import { type Chunk, type ChunkPlan, planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'

type Sent = { readonly chunk: Chunk; readonly sentSequence: number }

/**
 * An event that moved on while its mails were leaving: those who received the older state are sent the new one, whoever the
 * audience of the change is. Without this, a change that raced a send would leave a wrong time in a calendar. The chunk is not
 * published but left to the sweep: the change's own fan-out may reach the same people in this moment, and both would send. What the
 * fan-out claims from now on leaves them to this chunk (`Invitation.catchUp`), and what it has claimed before is recorded when this one
 * falls due. Run again, it reserves whom a run that died had left.
 */
export async function planCatchUp(ctx: Ctx, sent: Sent): Promise<void> {
  const sequence = await missedSequence(ctx, sent)
  if (sequence === undefined) return
  const { ledgerId, originId = ledgerId, invitationIds, eventId } = sent.chunk
  const chunkId = `${originId}-after-${sequence}`
  await whereItHolds(ctx.table.write(planned(ctx, { chunkId, originId, invitationIds, eventId, sequence })))
  await Promise.all(
    invitationIds.map((invitationId) =>
      whereItHolds(
        ctx.table.write({
          kind: 'update',
          key: invitationKey(eventId, invitationId),
          set: reservedFor({ chunkId, sequence }),
          when: { allOf: [{ row: 'present' }, isOlderCatchUp(sequence)] },
        }),
      ),
    ),
  )
}

/** The same for one attendee, of whom it was learnt late that a mail had reached him: once, and before any other that left him out. */
export async function planLateCatchUp(ctx: Ctx, sent: Sent & { readonly invitationId: string }): Promise<void> {
  const sequence = await missedSequence(ctx, sent)
  if (sequence === undefined) return
  const { eventId } = sent.chunk
  const { invitationId } = sent
  const chunkId = `chk_${invitationId}-told-${sequence}`
  await whereItHolds(
    ctx.table.transact([
      planned(ctx, { chunkId, invitationIds: [invitationId], eventId, sequence }),
      {
        kind: 'update',
        key: invitationKey(eventId, invitationId),
        set: reservedFor({ chunkId, sequence }),
        when: { row: 'present' },
      },
    ]),
  )
}

/** The present SEQUENCE, of which those who were sent the older one hear nothing otherwise; undefined: they have it, or its fan-out reaches them. */
async function missedSequence(ctx: Ctx, { chunk, sentSequence }: Sent): Promise<number | undefined> {
  const calendarEvent = await findEvent(ctx, chunk.eventId)
  if (calendarEvent === undefined) return undefined
  const { sequence, lastWholeSequence } = calendarEvent
  // Who is in the audience of a change is in that of a called-off date as well; who was just invited is in none.
  return (chunk.kind === 'revision' ? lastWholeSequence : sequence) > sentSequence ? sequence : undefined
}

function planned(
  ctx: Ctx,
  plan: Pick<ChunkPlan, 'chunkId' | 'originId' | 'invitationIds' | 'eventId' | 'sequence'>,
): WriteOperation {
  return planChunkOperation(ctx, { ...plan, kind: 'catchup', topicName: 'chunk-planned', restMs: catchUpRestMs(ctx) })
}

async function whereItHolds(written: Promise<void>): Promise<void> {
  try {
    await written
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
