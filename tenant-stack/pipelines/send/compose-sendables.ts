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

/** The chunk's mails, in its own order: every index keeps its place, so that attempts agree on sendIds. */
export async function composeSendables(ctx: Ctx, input: Input): Promise<readonly Sendable[]> {
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
  return invitation.lastSentSequence < 0
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
  const hasIt = chunk.kind !== 'resend' && invitation.lastSentSequence >= revision.sequence
  return {
    index: mail.index,
    envelopeTo: invitation.address,
    envelopeFrom: replyAddress,
    ...(hasIt ? { skip: 'already_sent' } : {}),
    compose: (sendId) =>
      mail.compiled.splice({
        address: invitation.address,
        ...(invitation.name === undefined ? {} : { name: invitation.name }),
        replyAddress,
        partstat: revision.resetsAnswers ? 'NEEDS-ACTION' : currentPartstat(invitation, calendarEvent),
        sendId,
        date: ctx.clock.now(),
        messageId: `${sendId}@${ctx.settings.domainName}`,
      }),
  }
}
