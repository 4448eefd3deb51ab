import { Failure } from '#shared/errors/failure.ts'
import type { CompiledInvite } from '#shared/imip/invite-revision.ts'
import type { CalendarEvent, EventRevision } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { currentPartstat, type Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { compiledInvite } from '#tenant-stack/core/invite-mail/compiled-invites.ts'
import { ensureReplyAddress, replyAddressOf } from '#tenant-stack/core/reply-address/reply-address.ts'
import type { Chunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import type { Sendable } from '#tenant-stack/core/send-ledger/deliver.ts'

type Input = {
  readonly chunk: Chunk
  readonly calendarEvent: CalendarEvent
  readonly revision: EventRevision
  readonly invitations: ReadonlyMap<string, Invitation>
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
  const sendables: Sendable[] = []
  for (const [index, invitationId] of input.chunk.invitationIds.entries()) {
    const invitation = input.invitations.get(invitationId)
    if (invitation === undefined) {
      sendables.push({
        index,
        envelopeTo: '',
        envelopeFrom: null,
        compose: () => new Uint8Array(),
        skip: 'invitation_gone',
      })
      continue
    }
    sendables.push(
      await sendableOf(ctx, input, { index, invitation, compiled: isFirstFor(invitation) ? first : later }),
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
  mail: { readonly index: number; readonly invitation: Invitation; readonly compiled: CompiledInvite },
): Promise<Sendable> {
  const { invitation } = mail
  const { chunk, calendarEvent, revision } = input
  const replyAddress = replyAddressOf(
    ctx,
    await ensureReplyAddress(ctx, {
      organizerAddress: calendarEvent.organizerAddress,
      attendeeAddress: invitation.address,
    }),
  )
  const skip = skipOf(chunk, revision, invitation)
  return {
    index: mail.index,
    envelopeTo: invitation.address,
    envelopeFrom: replyAddress,
    ...(skip === undefined ? {} : { skip }),
    compose: (sendId) =>
      mail.compiled.splice({
        address: invitation.address,
        ...(invitation.name === undefined ? {} : { name: invitation.name }),
        replyAddress,
        partstat: currentPartstat(invitation, calendarEvent),
        sendId,
        date: ctx.clock.now(),
        messageId: `${sendId}@${ctx.settings.domainName}`,
      }),
  }
}

/** Why this attendee is not sent this revision, if so. */
function skipOf(chunk: Chunk, revision: EventRevision, { completeSequence }: Invitation): string | undefined {
  if (chunk.kind !== 'resend' && completeSequence >= revision.sequence) return 'already_sent'
  // His own invite is on its way: it says the present state, and is followed by the newer one should it have said less.
  if (chunk.kind === 'revision' && completeSequence < 0) return 'not_invited_yet'
  return undefined
}
