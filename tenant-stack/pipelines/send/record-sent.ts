import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { addDay, addTotals, type CounterDelta, tallied } from '#tenant-stack/core/counters/counters.ts'
import { type Invitation, invitationKey } from '#tenant-stack/core/invitation/invitation.ts'
import type { Chunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import type { Claim } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import type { LedgerEntry } from '#tenant-stack/core/send-ledger/ledger.ts'
import { addUsage } from '#tenant-stack/core/usage/usage.ts'
import { toldOf } from '#tenant-stack/core/webhook/tell-webhooks.ts'
import type { Webhook } from '#tenant-stack/core/webhook/webhook.ts'

type Input = {
  readonly chunk: Chunk
  readonly claim: Claim
  readonly invitations: ReadonlyMap<string, Invitation>
  /** Only called-off dates were sent, not the event. */
  readonly isPartial: boolean
  /** Of the tenant's own servers. */
  readonly listening: readonly Webhook[]
  /** What was written about them is to be published, once it is. */
  readonly notices: { readonly topicName: 'webhook-due'; readonly body: string }[]
}

/** What is written of one mail with its entry: the invitation's state, and the counters. */
export function recordSent(ctx: Ctx, input: Input, entry: LedgerEntry): readonly WriteOperation[] {
  const { chunk, claim, invitations } = input
  const invitation = invitations.get(chunk.invitationIds[entry.index] ?? '')
  if (invitation === undefined) return []
  if (entry.state === 'SKIPPED') return recordSkipped(ctx, chunk, invitation, entry)
  const now = ctx.clock.now()
  const isAccepted = entry.state === 'ACCEPTED'
  const counted = isAccepted ? { sent: 1 } : { failed: 1 }
  const complete = completeAfter(invitation, sequenceOf(chunk, claim, entry), input.isPartial)
  return [
    {
      kind: 'update',
      key: invitationKey(chunk.eventId, invitation.invitationId),
      set: {
        sentState: isAccepted ? 'sent' : 'failed',
        ...(isAccepted ? { completeSequence: complete, lastSentAt: now } : {}),
      },
      add: tallied(counted),
      when: { row: 'present' },
    },
    addTotals(ctx, chunk.eventId, chunk.ledgerId, counted),
    addDay(ctx, chunk.eventId, now, chunk.ledgerId, counted),
    ...(isAccepted ? [addUsage(ctx, now, chunk.ledgerId, { invitationsSent: 1 })] : []),
    ...ofList(ctx, chunk, counted),
    ...(isAccepted ? toldOfSent(ctx, input, invitation) : []),
  ]
}

/** Nothing, and no write, unless somebody listens to it: an event may have a million. */
function toldOfSent(
  ctx: Ctx,
  { chunk, listening, notices }: Input,
  { eventId, invitationId, address }: Invitation,
): readonly WriteOperation[] {
  if (chunk.kind !== 'invite') return []
  const data = { event_id: eventId, invitation_id: invitationId }
  const told = toldOf(ctx, listening, { type: 'invitation.sent', data, email: address })
  notices.push(...told.notices)
  return told.operations
}

/** Of a mail that was not sent because nothing may be sent to its address; who had one before was sent something all the same. */
function recordSkipped(
  ctx: Ctx,
  chunk: Chunk,
  { invitationId, completeSequence }: Invitation,
  { reason = '' }: LedgerEntry,
): readonly WriteOperation[] {
  if (!reason.startsWith('suppressed_')) return ofList(ctx, chunk, { skipped: 1 })
  const { eventId, ledgerId } = chunk
  const counted = { suppressed: 1 }
  return [
    {
      kind: 'update',
      key: invitationKey(eventId, invitationId),
      ...(completeSequence >= 0 ? {} : { set: { sentState: 'suppressed' } }),
      add: tallied(counted),
      when: { row: 'present' },
    },
    addTotals(ctx, eventId, ledgerId, counted),
    addDay(ctx, eventId, ctx.clock.now(), ledgerId, counted),
    ...ofList(ctx, chunk, counted),
  ]
}

/** A list counts its own, beside the event. */
function ofList(ctx: Ctx, { listId, ledgerId }: Chunk, counted: CounterDelta): readonly WriteOperation[] {
  return listId === undefined ? [] : [addTotals(ctx, listId, ledgerId, counted)]
}

/** The lowest SEQUENCE of a chunk's mails that went out, in this attempt or before it. */
export function lowestSent(chunk: Chunk, claim: Claim, entries: readonly LedgerEntry[]): number | undefined {
  const accepted = [...claim.entries.values(), ...entries].filter((entry) => entry.state === 'ACCEPTED')
  const sequences = accepted.map((entry) => sequenceOf(chunk, claim, entry))
  return sequences.length === 0 ? undefined : Math.min(...sequences)
}

/** An attempt that died is asked about by a later one, which sends something else by then. */
function sequenceOf(chunk: Chunk, { sequences }: Claim, entry: LedgerEntry): number {
  return sequences.get(entry.attempt) ?? chunk.sequence
}

/** What an attendee has, after a mail of `sequence` left; a called-off date out of its turn leaves it as it was. */
export function completeAfter({ completeSequence }: Invitation, sequence: number, isPartial: boolean): number {
  if (isPartial && completeSequence !== sequence - 1) return completeSequence
  return Math.max(completeSequence, sequence)
}
