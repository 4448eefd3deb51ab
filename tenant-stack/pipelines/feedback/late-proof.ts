import { isFailure } from '#shared/errors/failure.ts'
import { findRevision } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { addDay, addTotals, tallied } from '#tenant-stack/core/counters/counters.ts'
import type { Attempted } from '#tenant-stack/core/delivery/delivery-state.ts'
import { type Invitation, invitationKey } from '#tenant-stack/core/invitation/invitation.ts'
import { readEntries } from '#tenant-stack/core/send-ledger/ledger.ts'
import { addUsage } from '#tenant-stack/core/usage/usage.ts'
import { planLateCatchUp } from '../send/catch-up.ts'
import { completeAfter } from '../send/record-sent.ts'

/**
 * A mail left after all, of which its ledger was closed without knowing: the feed came later than an ambiguous attempt is waited for. If the
 * event has moved on since, or was called off, the attendee is sent that, for nothing else would ever bring it to him; then what he has is
 * recorded. In this order a run that is killed in between is made up for by the next word of the feed.
 */
export async function takeLateProof(
  ctx: Ctx,
  { invitation, attempted }: { readonly invitation: Invitation; readonly attempted: Attempted },
): Promise<void> {
  const { chunk, index, sequence, isFinished } = attempted
  // An open ledger asks the feed itself.
  if (invitation.completeSequence >= sequence || !isFinished) return
  const entries = await readEntries(ctx, chunk.ledgerId)
  if (entries.get(index)?.state === 'ACCEPTED') return
  const { eventId, invitationId } = invitation
  ctx.log.warn({ at: 'feedback.late_proof', eventId, invitationId, sequence })
  await planLateCatchUp(ctx, { chunk, sentSequence: sequence, invitationId })
  await record(ctx, invitation, attempted)
}

async function record(ctx: Ctx, invitation: Invitation, { chunk, sequence }: Attempted): Promise<void> {
  const { eventId, ledgerId } = chunk
  const revision = chunk.kind === 'revision' ? await findRevision(ctx, eventId, sequence) : undefined
  const complete = completeAfter(invitation, sequence, revision?.kind === 'cancel_instances')
  if (complete === invitation.completeSequence) return
  const now = ctx.clock.now()
  const counted = { sent: 1 }
  try {
    await ctx.table.transact([
      {
        kind: 'update',
        key: invitationKey(eventId, invitation.invitationId),
        set: { sentState: 'sent', completeSequence: complete, lastSentAt: invitation.lastSentAt ?? now },
        add: tallied(counted),
        when: { attribute: 'completeSequence', is: '=', value: invitation.completeSequence },
      },
      addTotals(ctx, eventId, ledgerId, counted),
      addDay(ctx, eventId, now, ledgerId, counted),
      addUsage(ctx, now, ledgerId, { invitationsSent: 1 }),
    ])
  } catch (error) {
    // Somebody has sent him something newer, or recorded this, meanwhile.
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
