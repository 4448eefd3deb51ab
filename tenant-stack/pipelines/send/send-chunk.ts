import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent, EventRevision } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, findRevision } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { findOrganizer } from '#tenant-stack/core/organizer/organizer.ts'
import { endListWhenSent, tellWhenStopped } from '#tenant-stack/core/recipient-list/end-list.ts'
import { type Chunk, findChunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import { type Claim, claimLedger, releaseLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { deliver, type Sendable } from '#tenant-stack/core/send-ledger/deliver.ts'
import { finishAttempt } from '#tenant-stack/core/send-ledger/finish-attempt.ts'
import type { LedgerEntry } from '#tenant-stack/core/send-ledger/ledger.ts'
import { planCatchUp } from './catch-up.ts'
import { composeSendables } from './compose-sendables.ts'
import { endListOfCancelled, rest, stopOf } from './list-chunks.ts'
import { othersOf } from './others-of.ts'
import { lowestSent, recordSent } from './record-sent.ts'

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
  const stop = chunk.listId === undefined ? undefined : await stopOf(ctx, chunk.listId)
  if (stop === 'cancelled') return giveUp(ctx, chunk, 'list_cancelled')
  if (stop === 'paused') return rest(ctx, chunk)
  if (chunk.kind === 'invite' && (await isSuspended(ctx, calendarEvent))) return rest(ctx, chunk)
  const target = await targetOf(ctx, chunk, calendarEvent)
  if (typeof target === 'string') {
    if (target === 'cancelled' && chunk.listId !== undefined) await endListOfCancelled(ctx, chunk.listId)
    return giveUp(ctx, chunk, target)
  }
  const { revision } = target
  if (chunk.listId !== undefined) await tellWhenStopped(ctx, chunk.listId)
  const claimed = await claimLedger(ctx, chunk.ledgerId, target.checks, revision.sequence)
  if (claimed.kind === 'refused') return 'revised'
  if (claimed.kind !== 'claimed') return claimed.kind
  const { claim } = claimed
  // Before the invitations: what those have sent is in them then.
  const others = await othersOf(ctx, chunk, calendarEvent)
  const invitations = await findInvitations(ctx, chunk.eventId, chunk.invitationIds)
  const sendables = await composeSendables(ctx, { chunk, calendarEvent, revision, invitations, others })
  const isPartial = revision.kind === 'cancel_instances'
  const delivered = await deliverChunk(ctx, { chunk, claim, invitations, sendables, isPartial })
  const finished = await finishAttempt(ctx, claim, delivered)
  if (chunk.listId !== undefined && finished === 'sent') await endListWhenSent(ctx, chunk.listId)
  return finished
}

/** His invites wait until he is resumed; updates and cancels of what people have already go out. */
async function isSuspended(ctx: Ctx, { organizerAddress, status }: CalendarEvent): Promise<boolean> {
  if (status === 'cancelled') return false
  return (await findOrganizer(ctx, organizerAddress))?.state === 'suspended'
}

async function targetOf(ctx: Ctx, chunk: Chunk, calendarEvent: CalendarEvent): Promise<Target> {
  const isCancelled = calendarEvent.status === 'cancelled'
  if (chunk.kind === 'revision') {
    if (calendarEvent.lastWholeSequence > chunk.sequence) return 'superseded'
    const revision = await findRevision(ctx, chunk.eventId, chunk.sequence)
    if (revision === undefined) return 'superseded'
    const isBehind = calendarEvent.sequence > chunk.sequence
    if (revision.kind === 'request' && isBehind) return currentOf(ctx, calendarEvent, revision)
    return { revision, checks: [check(chunk.eventId, 'lastWholeSequence', calendarEvent.lastWholeSequence)] }
  }
  return isCancelled && chunk.kind === 'invite' ? 'cancelled' : currentOf(ctx, calendarEvent)
}

/**
 * The event as it is now, as one whole. A change that is sent after a date was called off takes that along: by itself it would
 * bring the date back. What it says has `changed` is what was planned.
 */
async function currentOf(ctx: Ctx, calendarEvent: CalendarEvent, planned?: EventRevision): Promise<Target> {
  const { eventId, sequence, status } = calendarEvent
  const current = await findRevision(ctx, eventId, sequence)
  if (current === undefined) return 'superseded'
  const { changed, resetsAnswers } = planned ?? current
  const kind = status === 'cancelled' ? 'cancel' : 'request'
  return { revision: { ...current, kind, changed, resetsAnswers }, checks: [check(eventId, 'sequence', sequence)] }
}

function check(eventId: string, attribute: string, value: number): WriteOperation {
  return { kind: 'check', key: eventKey(eventId), when: { attribute, is: '=', value } }
}

/** A chunk that has nothing more to say ends without sending; what an attempt that died has sent is found out and recorded. */
async function giveUp(ctx: Ctx, chunk: Chunk, skip: string): Promise<SendOutcome> {
  const claimed = await claimLedger(ctx, chunk.ledgerId, [])
  if (claimed.kind !== 'claimed') return claimed.kind === 'wait' ? 'wait' : 'superseded'
  const { claim } = claimed
  if (claim.attempt === 1) {
    await releaseLedger(ctx, claim, { state: 'SUPERSEDED' })
    return 'superseded'
  }
  const invitations = await findInvitations(ctx, chunk.eventId, chunk.invitationIds)
  const planned = chunk.kind === 'revision' ? await findRevision(ctx, chunk.eventId, chunk.sequence) : undefined
  const sendables = chunk.invitationIds.map((_, index) => ({
    index,
    envelopeTo: '',
    envelopeFrom: null,
    compose,
    skip,
  }))
  const isPartial = planned?.kind === 'cancel_instances'
  const delivered = await deliverChunk(ctx, { chunk, claim, invitations, sendables, isPartial })
  const finished = await finishAttempt(ctx, claim, delivered, 'SUPERSEDED')
  return finished === 'sent' ? 'superseded' : finished
}

/** Stands in for the text of a mail that is not sent. */
const compose = () => new Uint8Array()

/** One that is lost is found by the sweep: the mails are recorded by now, and nothing of them may hang on this. */
async function publishTold(ctx: Ctx, notices: readonly { readonly topicName: string; readonly body: string }[]) {
  for (const { topicName, body } of notices) await ctx.topics.publish(topicName, body)
}

async function deliverChunk(
  ctx: Ctx,
  input: {
    readonly chunk: Chunk
    readonly claim: Claim
    readonly invitations: ReadonlyMap<string, Invitation>
    readonly sendables: readonly Sendable[]
    readonly isPartial: boolean
  },
) {
  const { chunk, claim, sendables } = input
  const certain: LedgerEntry[] = []
  const told = { listening: await ctx.webhooks.listening(), notices: [] }
  const delivered = await deliver(ctx, claim, sendables, (entry) => {
    certain.push(entry)
    return recordSent(ctx, { ...input, ...told }, entry)
  })
  await publishTold(ctx, told.notices)
  const sentSequence = lowestSent(chunk, claim, certain)
  if (sentSequence !== undefined) await planCatchUp(ctx, { chunk, sentSequence })
  return delivered
}
