import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent, EventRevision } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, findRevision } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { addDay, addTotals } from '#tenant-stack/core/counters/counters.ts'
import { type Invitation, invitationKey } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { type Chunk, findChunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import { claimLedger, releaseLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { deliver, type OnCertain } from '#tenant-stack/core/send-ledger/deliver.ts'
import { finishAttempt } from '#tenant-stack/core/send-ledger/finish-attempt.ts'
import type { LedgerEntry } from '#tenant-stack/core/send-ledger/ledger.ts'
import { planCatchUp } from './catch-up.ts'
import { composeSendables } from './compose-sendables.ts'

export type SendOutcome = 'sent' | 'wait' | 'finished' | 'superseded' | 'later'

/** What a chunk sends now: the event's state at the claim, or the one revision it was planned for. */
type Target =
  | { readonly revision: EventRevision; readonly checks: readonly WriteOperation[] }
  | 'superseded'
  | 'cancelled'

/** The event may be revised between reading and claiming: read and claimed anew at most so often, then left to the sweep. */
const TRIES = 4

/** Claims a chunk and sends its mails, each at most once for certain; safe to run twice, late, and beside its twin. */
export async function sendChunk(ctx: Ctx, input: { readonly chunkId: string }): Promise<SendOutcome> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const outcome = await sendOnce(ctx, input)
    if (outcome !== 'revised') return outcome
  }
  return 'wait'
}

async function sendOnce(ctx: Ctx, input: { readonly chunkId: string }): Promise<SendOutcome | 'revised'> {
  const chunk = await findChunk(ctx, input.chunkId)
  if (chunk === undefined) return 'finished'
  const calendarEvent = await findEvent(ctx, chunk.eventId)
  if (calendarEvent === undefined) return 'finished'
  const target = await targetOf(ctx, chunk, calendarEvent)
  if (typeof target === 'string') return giveUp(ctx, chunk)
  const claimed = await claimLedger(ctx, chunk.ledgerId, target.checks)
  if (claimed.kind === 'refused') return 'revised'
  if (claimed.kind !== 'claimed') return claimed.kind
  const { claim } = claimed
  const invitations = await findInvitations(ctx, chunk.eventId, chunk.invitationIds)
  const sendables = await composeSendables(ctx, { chunk, calendarEvent, revision: target.revision, invitations })
  const delivered = await deliver(ctx, claim, sendables, onCertain(ctx, chunk, target.revision, invitations))
  await planCatchUp(ctx, { chunk, sentSequence: target.revision.sequence })
  return finishAttempt(ctx, claim, delivered)
}

async function targetOf(ctx: Ctx, chunk: Chunk, calendarEvent: CalendarEvent): Promise<Target> {
  if (chunk.kind === 'revision') {
    if (calendarEvent.lastWholeSequence > chunk.sequence) return 'superseded'
    const revision = await findRevision(ctx, chunk.eventId, chunk.sequence)
    if (revision === undefined) return 'superseded'
    return { revision, checks: [check(chunk.eventId, 'lastWholeSequence', calendarEvent.lastWholeSequence)] }
  }
  const isCancelled = calendarEvent.status === 'cancelled'
  if (isCancelled && chunk.kind === 'invite') return 'cancelled'
  const current = await findRevision(ctx, chunk.eventId, calendarEvent.sequence)
  if (current === undefined) return 'superseded'
  const revision: EventRevision = { ...current, kind: isCancelled ? 'cancel' : 'request' }
  return { revision, checks: [check(chunk.eventId, 'sequence', calendarEvent.sequence)] }
}

function check(eventId: string, attribute: string, value: number): WriteOperation {
  return { kind: 'check', key: eventKey(eventId), when: { attribute, is: '=', value } }
}

/** A chunk that has nothing more to say ends without sending; what it may have sent before stays recorded. */
async function giveUp(ctx: Ctx, chunk: Chunk): Promise<SendOutcome> {
  const claimed = await claimLedger(ctx, chunk.ledgerId, [])
  if (claimed.kind === 'claimed') await releaseLedger(ctx, claimed.claim, { state: 'SUPERSEDED' })
  return claimed.kind === 'wait' ? 'wait' : 'superseded'
}

function onCertain(
  ctx: Ctx,
  chunk: Chunk,
  revision: EventRevision,
  invitations: ReadonlyMap<string, Invitation>,
): OnCertain {
  return (entry: LedgerEntry) => {
    const invitationId = chunk.invitationIds[entry.index] ?? ''
    if (!invitations.has(invitationId) || entry.state === 'SKIPPED') return []
    const now = ctx.clock.now()
    const isAccepted = entry.state === 'ACCEPTED'
    const counted = isAccepted ? { sent: 1 } : { failed: 1 }
    return [
      {
        kind: 'update',
        key: invitationKey(chunk.eventId, invitationId),
        set: {
          sentState: isAccepted ? 'sent' : 'failed',
          ...(isAccepted ? { lastSentSequence: revision.sequence, lastSentAt: now } : {}),
        },
        when: { row: 'present' },
      },
      addTotals(ctx, chunk.eventId, chunk.ledgerId, counted),
      addDay(ctx, chunk.eventId, now, chunk.ledgerId, counted),
    ]
  }
}
