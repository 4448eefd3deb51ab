import { Failure } from '#shared/errors/failure.ts'
import type { CompiledInvite } from '#shared/imip/invite-revision.ts'
import type { CalendarEvent, EventRevision } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { currentPartstat, type Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { compiledInvite } from '#tenant-stack/core/invite-mail/compiled-invites.ts'
import { mailboxAddress, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { answerIdOf } from '#tenant-stack/core/reply-address/answer-id.ts'
import { ensureReplyAddress, replyAddressOf } from '#tenant-stack/core/reply-address/reply-address.ts'
import { unsubscribeIdOf } from '#tenant-stack/core/reply-address/unsubscribe-id.ts'
import type { Chunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import type { Sendable, SendableWait } from '#tenant-stack/core/send-ledger/deliver.ts'
import type { Suppression, SuppressionReason } from '#tenant-stack/core/suppression/suppression.ts'
import { suppressionsOf } from '#tenant-stack/core/suppression/suppressions-of.ts'
import type { Holding, Others } from './others-of.ts'

type Input = {
  readonly chunk: Chunk
  readonly calendarEvent: CalendarEvent
  readonly revision: EventRevision
  readonly invitations: ReadonlyMap<string, Invitation>
  /** Asked before the invitations were read. */
  readonly others: Others
}

/**
 * The chunk's mails, in its own order: every index keeps its place, so that attempts agree on sendIds. An event that cannot be
 * written fails mail by mail: it could not be written the next time either.
 */
export async function composeSendables(ctx: Ctx, input: Input): Promise<readonly Sendable[]> {
  try {
    return await compose(ctx, input)
  } catch (error) {
    if (!(error instanceof Failure) || error.retry) throw error
    ctx.log.error({ at: 'send.uncomposable', eventId: input.chunk.eventId, code: error.code, error: error.message })
    const refuse = () => {
      throw error
    }
    return input.chunk.invitationIds.map((_, index) => ({ index, envelopeTo: '', envelopeFrom: null, compose: refuse }))
  }
}

async function compose(ctx: Ctx, input: Input): Promise<readonly Sendable[]> {
  const first = await compiledInvite(ctx, { ...input, isFirst: true })
  const later = await compiledInvite(ctx, { ...input, isFirst: false })
  // After the claim: what was said until now holds for every mail of it.
  const suppressed = await suppressionsOf(ctx, {
    organizerAddress: input.calendarEvent.organizerAddress,
    addresses: [...input.invitations.values()].map(({ address }) => address),
  })
  const sendables: Sendable[] = []
  for (const [index, invitationId] of input.chunk.invitationIds.entries()) {
    const invitation = input.invitations.get(invitationId)
    if (invitation === undefined || invitation.erasedAt !== undefined) {
      sendables.push({
        index,
        envelopeTo: '',
        envelopeFrom: null,
        compose: () => new Uint8Array(),
        skip: invitation === undefined ? 'invitation_gone' : 'erased',
      })
      continue
    }
    sendables.push(
      await sendableOf(ctx, input, {
        index,
        invitation,
        compiled: isFirstFor(invitation) ? first : later,
        suppression: suppressed.get(normalizeAddress(invitation.address)),
      }),
    )
  }
  return sendables
}

function isFirstFor(invitation: Invitation): boolean {
  return invitation.completeSequence < 0
}

async function sendableOf(
  ctx: Ctx,
  input: Input,
  mail: {
    readonly index: number
    readonly invitation: Invitation
    readonly compiled: CompiledInvite
    readonly suppression: Suppression | undefined
  },
): Promise<Sendable> {
  const { invitation } = mail
  const { calendarEvent } = input
  const pair = await ensureReplyAddress(ctx, {
    organizerAddress: calendarEvent.organizerAddress,
    attendeeAddress: invitation.address,
  })
  const replyAddress = replyAddressOf(ctx, pair)
  const unsubscribeId = unsubscribeIdOf(ctx, pair)
  const { suppression } = mail
  const skip = suppression === undefined ? skipOf(input, invitation) : suppressedBy(suppression)
  const wait = waitOf(input, invitation)
  return {
    index: mail.index,
    envelopeTo: invitation.address,
    envelopeFrom: replyAddress,
    ...(skip === undefined ? {} : { skip }),
    ...(wait === undefined ? {} : { wait }),
    compose: (sendId) =>
      mail.compiled.splice({
        address: invitation.address,
        ...(invitation.name === undefined ? {} : { name: invitation.name }),
        replyAddress,
        partstat: currentPartstat(invitation, calendarEvent),
        sendId,
        date: ctx.clock.now(),
        messageId: `${sendId}@${ctx.settings.domainName}`,
        links: {
          unsubscribeUrl: `${ctx.settings.pagesUrl}/unsubscribe/${unsubscribeId}`,
          answerUrl: `${ctx.settings.pagesUrl}/answer/${answerIdOf(ctx, invitation, pair)}`,
          unsubscribeMailto: `${mailboxAddress(ctx.settings, 'unsubscribe')}?subject=${unsubscribeId}`,
        },
      }),
  }
}

/** Said of an entry that was skipped because nothing may be sent to its address. */
export function suppressedBy({ reason }: Pick<Suppression, 'reason'>): `suppressed_${SuppressionReason}` {
  return `suppressed_${reason}`
}

/** Why this attendee is not sent this revision, if so. */
function skipOf({ chunk, revision, others }: Input, invitation: Invitation): string | undefined {
  const { completeSequence, listId } = invitation
  if (chunk.kind !== 'resend' && completeSequence >= revision.sequence) return 'already_sent'
  // Nothing was sent to him, so there is nothing to catch up on: his list was cancelled, or the event.
  if (chunk.originId !== undefined && others.isOriginFinished && isFirstFor(invitation)) return 'never_invited'
  // Its own list was cancelled, and another has taken him over.
  if (chunk.listId !== undefined && chunk.listId !== listId) return 'other_list'
  // His own invite is on its way: it says the present state, and is followed by the newer one should it have said less.
  if (chunk.kind === 'revision' && completeSequence < 0) return 'not_invited_yet'
  return holdingOf({ chunk, others }, invitation) === 'mails' ? 'own_catch_up' : undefined
}

/** What another catch-up, which says all that this chunk does, makes of him; undefined: none has him. */
function holdingOf({ chunk, others }: Pick<Input, 'chunk' | 'others'>, invitation: Invitation): Holding | undefined {
  const { catchUp } = invitation
  if (chunk.kind !== 'revision' && chunk.kind !== 'catchup') return undefined
  const isLeft = catchUp !== undefined && catchUp.chunkId !== chunk.ledgerId && chunk.sequence <= catchUp.sequence
  return isLeft ? others.holdingOf(invitation, catchUp) : undefined
}

/** Why this attendee is not sent it yet, if so: somebody else may be sending him the same, and nobody knows. */
function waitOf({ chunk, others }: Input, invitation: Invitation): SendableWait | undefined {
  if (chunk.originId !== undefined && isFirstFor(invitation) && !others.isOriginFinished) return 'origin_unfinished'
  if (holdingOf({ chunk, others }, invitation) === 'undecided') return 'catch_up_unfinished'
  return others.heldByFanOut.has(invitation.invitationId) ? 'fan_out_unfinished' : undefined
}
