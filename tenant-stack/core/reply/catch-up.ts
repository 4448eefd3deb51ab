import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import { isInAudience } from '../fan-out/audience.ts'
import type { CatchUp, Invitation } from '../invitation/invitation.ts'
import { catchUpRestMs } from '../send-ledger/catch-up-rest.ts'
import { findChunk, planChunkOperation } from '../send-ledger/chunk.ts'
import type { Taken } from './take-reply.ts'

type Input = {
  readonly channel: 'mail' | 'page'
  readonly calendarEvent: CalendarEvent
  readonly before: Invitation
  readonly after: Invitation
  readonly taken: readonly Taken[]
}

export type PlannedCatchUp = { readonly catchUp: CatchUp; readonly operation: WriteOperation }

/**
 * The one mail that brings an attendee's calendar to the present state because of his answer: the changes since his last mail passed him by
 * when he was in nobody's audience. He gets it when he hears of changes from now on, when what he answered is over, and when the page has
 * shown him more than his calendar has; not when he has it, not before his invite has left, and once for each SEQUENCE however often he answers.
 *
 * It is planned with the answer and left to the sweep. A fan-out may reach him in the same moment: what it claims from now on leaves him to
 * this mail (`Invitation.catchUp`), and what it has claimed before is recorded when this one falls due.
 */
export async function planCatchUpOf(ctx: Ctx, input: Input): Promise<PlannedCatchUp | undefined> {
  const { calendarEvent, before, after, channel, taken } = input
  const { eventId, sequence, lastWholeSequence, audience = ctx.settings.audience } = calendarEvent
  if (!taken.some(({ isActed }) => isActed) || taken.some(({ decision }) => decision.kind === 'refresh'))
    return undefined
  const isFirstOnItsWay = before.completeSequence < 0 && before.sentState === 'planned'
  if (before.completeSequence >= sequence || isFirstOnItsWay) return undefined
  const hearsOfChanges = isInAudience(after, audience)
  if (channel === 'mail' && !hearsOfChanges && !taken.some(isLate)) return undefined
  const chunkId = `chk_${before.invitationId}-late-${sequence}`
  if ((await findChunk(ctx, chunkId)) !== undefined) return undefined
  // As part of a revision's fan-out it ends when a newer one, which reaches him, supersedes it; who hears of no changes has only this mail.
  const isOfRevision = hearsOfChanges && before.completeSequence >= 0
  return {
    catchUp: { chunkId, sequence },
    operation: planChunkOperation(ctx, {
      chunkId,
      eventId,
      kind: isOfRevision ? 'revision' : 'catchup',
      sequence: isOfRevision ? lastWholeSequence : sequence,
      invitationIds: [before.invitationId],
      topicName: 'chunk-planned',
      restMs: catchUpRestMs(ctx),
    }),
  }
}

/** He answered an older time, or after the cancel. */
function isLate({ decision }: Taken): boolean {
  return (
    decision.kind === 'answered_older_time' ||
    (decision.kind === 'answer' && decision.isAfterCancel) ||
    (decision.kind === 'proposal' && decision.isStale)
  )
}
