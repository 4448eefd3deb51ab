import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { heldByFanOut } from '#tenant-stack/core/fan-out/held-by-fan-out.ts'
import { findInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import type { Chunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import { isLedgerFinished } from '#tenant-stack/core/send-ledger/ledger.ts'

/** What other chunks are at with the people of one that catches up; nothing of any other chunk. */
export type Others = {
  /** Whether the chunk that this one follows has come to its end. */
  readonly isOriginFinished: boolean
  /** Ids of those whom a fan-out has not come to an end with. */
  readonly heldByFanOut: ReadonlySet<string>
}

/** To be asked before the invitations are read to be mailed: what the others record after that, they are still at. */
export async function othersOf(ctx: Ctx, chunk: Chunk, calendarEvent: CalendarEvent): Promise<Others> {
  const isOriginFinished = chunk.originId === undefined || (await isLedgerFinished(ctx, chunk.originId))
  // One of a change may be a catch-up as well: it is of one person then.
  const mayCatchUp = chunk.kind === 'catchup' || (chunk.kind === 'revision' && chunk.invitationIds.length === 1)
  if (!mayCatchUp) return { isOriginFinished, heldByFanOut: new Set() }
  const invitations = await findInvitations(ctx, chunk.eventId, chunk.invitationIds)
  const behind = [...invitations.values()].filter(
    ({ completeSequence, catchUp }) =>
      // Who was sent nothing yet is left out by fan-outs.
      completeSequence >= 0 &&
      completeSequence < calendarEvent.sequence &&
      (chunk.kind === 'catchup' || catchUp?.chunkId === chunk.ledgerId),
  )
  const ids = behind.map(({ invitationId }) => invitationId)
  return { isOriginFinished, heldByFanOut: await heldByFanOut(ctx, calendarEvent, ids) }
}
