import type { MailRouted } from '#shared/contracts/notices.ts'
import type { CalendarObject } from '#shared/icalendar/model.ts'
import { instantFromMs } from '#shared/icalendar/times.ts'
import { decideReply } from '#shared/itip/decide-reply.ts'
import type { IncomingReply } from '#shared/itip/decisions.ts'
import { incomingReplies } from '#shared/itip/incoming-reply.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, resetSequenceOf } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { decideDelivery, type ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type Decided, ignored } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { type Invitation, invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { mailboxOf } from '#tenant-stack/core/mailbox/mailbox.ts'
import { forgetMail } from '#tenant-stack/core/person/forget-mail.ts'
import { type Proposal, proposalNoticeId } from '#tenant-stack/core/proposal/proposal.ts'
import { takeProposal } from '#tenant-stack/core/proposal/take-proposal.ts'
import { planCatchUpOf } from '#tenant-stack/core/reply/catch-up.ts'
import { type Taken, takeReply } from '#tenant-stack/core/reply/take-reply.ts'
import { writeReplies } from '#tenant-stack/core/reply/write-replies.ts'
import { findReplyAddress, isErasedToken, type ReplyAddress } from '#tenant-stack/core/reply-address/reply-address.ts'
import { type Fact, tellWebhooks } from '#tenant-stack/core/webhook/tell-webhooks.ts'
import { alignReply } from './align-reply.ts'
import { takePlainText } from './take-plain-text.ts'
import { takeReport } from './take-report.ts'
import { takeUnsubscribe } from './take-unsubscribe.ts'

/** A mail answers one series or a few of its dates; each is a row of one transaction, which holds 100. */
const REPLIES_PER_MAIL_MAX = 50

type DecidedReply = Decided & { readonly operations?: readonly WriteOperation[] }

/** Pipeline 6: a mail to an attendee's own reply address becomes an answer with history, or a reasoned nothing. */
export async function processReplyMail(ctx: Ctx, routed: MailRouted): Promise<MailOutcome | undefined> {
  const outcome = await decideDelivery(ctx, routed, decideReplyMail)
  if (outcome?.reason === 'erased') await forgetMail(ctx, routed.mailId)
  return outcome
}

async function decideReplyMail(ctx: Ctx, read: ReadMail): Promise<DecidedReply> {
  const mailbox = mailboxOf(ctx.settings, read.delivery.recipient)
  if (mailbox.kind === 'unsubscribe') return takeUnsubscribe(ctx, read)
  const replyAddress = mailbox.kind === 'reply' ? await findReplyAddress(ctx, mailbox.token) : undefined
  if (replyAddress === undefined)
    return ignored(mailbox.kind === 'reply' && (await isErasedToken(ctx, mailbox.token)) ? 'erased' : 'unknown_mailbox')
  const { mail } = read
  if (mail.isReport) return takeReport(ctx, read, replyAddress)
  const [found] = mail.calendars
  if (found === undefined) {
    if (mail.isAutoReply) return ignored('auto_reply')
    const [unreadable] = mail.unreadable
    return unreadable === undefined ? takePlainText(ctx, read, replyAddress) : ignored(unreadable.reason)
  }
  return decideCalendar(ctx, read, replyAddress, found.calendar)
}

/** All components of one mail are for one event: iTIP allows one UID (RFC 5546 §3.2.3). */
async function decideCalendar(
  ctx: Ctx,
  read: ReadMail,
  replyAddress: ReplyAddress,
  calendar: CalendarObject,
): Promise<DecidedReply> {
  const uids = new Set(calendar.vevents.map((vevent) => vevent.uid.toLowerCase()))
  const [uid] = uids
  if (uid === undefined) return ignored(calendar.otherComponents.length > 0 ? 'events_only' : 'no_event')
  if (uids.size > 1) return ignored('mixed_uids')
  // A COUNTER has one component (RFC 5546 §3.2.7).
  const componentsMax = calendar.method === 'COUNTER' ? 1 : REPLIES_PER_MAIL_MAX
  if (calendar.vevents.length > componentsMax) return ignored('too_many_components')
  const calendarEvent = await findEvent(ctx, uid.slice(0, Math.max(uid.lastIndexOf('@'), 0)))
  if (calendarEvent === undefined || calendarEvent.uid !== uid) return ignored('wrong_uid')
  // One token serves all events between the two: of another organizer's event it says nothing.
  if (calendarEvent.organizerAddress !== replyAddress.organizerAddress) return ignored('wrong_uid')
  const invitationId = invitationIdOf(ctx, calendarEvent.eventId, replyAddress.attendeeAddress)
  const invitation = await findInvitation(ctx, calendarEvent.eventId, invitationId)
  if (invitation === undefined) return ignored('not_invited')
  const replies = incomingReplies(calendar, {
    from: read.mail.from.length === 1 ? read.mail.from[0]?.address : undefined,
    invitedAddress: replyAddress.attendeeAddress,
    receivedAt: instantFromMs(Math.floor(read.delivery.receivedAt / 1000) * 1000),
  })
  return takeAll(ctx, read, { calendarEvent, invitation, replies, client: calendar.client })
}

async function takeAll(
  ctx: Ctx,
  read: ReadMail,
  input: {
    readonly calendarEvent: CalendarEvent
    readonly invitation: Invitation
    readonly replies: readonly IncomingReply[]
    readonly client: string
  },
): Promise<DecidedReply> {
  const { calendarEvent } = input
  let { invitation } = input
  const taken: Taken[] = []
  for (const reply of input.replies) {
    const aligned = await alignReply(ctx, calendarEvent, reply)
    if (aligned === undefined) return { ...ignored('recurrence_over_budget') }
    const { recurrenceKey } = aligned.reply.vevent
    const decision = decideReply(aligned.reply, {
      invitedAddress: invitation.address.toLowerCase(),
      ...(invitation.name === undefined ? {} : { invitedName: invitation.name }),
      uid: calendarEvent.uid,
      sequence: calendarEvent.sequence,
      lastResetSequence: resetSequenceOf(calendarEvent, recurrenceKey),
      isCancelled: calendarEvent.status === 'cancelled',
      answer: storedAnswer(invitation, recurrenceKey),
      isOccurrence: aligned.isOccurrence,
    })
    const one = takeReply(invitation, decision, { receivedAt: read.delivery.receivedAt, client: input.client })
    invitation = one.invitation
    taken.push(one)
  }
  const { mailId, receivedAt } = read.delivery
  const source = { sourceId: mailId, channel: 'mail', receivedAt, text: read.mail.text } as const
  const told = { calendarEvent, before: input.invitation, after: invitation, taken }
  const caughtUpBy = await planCatchUpOf(ctx, { channel: 'mail', ...told })
  const written = writeReplies(ctx, { source, ...told, caughtUpBy, listening: await ctx.webhooks.listening() })
  const [proposed] = taken
  if (proposed?.decision.kind !== 'proposal') return written
  const { decision } = proposed
  const recurrenceId = decision.recurrenceKey === undefined ? undefined : input.replies[0]?.vevent.recurrenceId
  return withProposal(ctx, written, { calendarEvent, invitation, decision, recurrenceId, mail: read.delivery })
}

/** The proposal beside its place in the attendee's history, and the mail that asks the organizer. */
async function withProposal(
  ctx: Ctx,
  written: Awaited<ReturnType<typeof writeReplies>>,
  input: Omit<Parameters<typeof takeProposal>[1], 'series'>,
): Promise<DecidedReply> {
  const { series } = (await getContent(ctx, input.calendarEvent.seriesBlobKey)).stored
  const { operations, reason, offered } = await takeProposal(ctx, { ...input, series })
  if (operations.length === 0) return ignored(reason)
  const noticeId = offered === undefined ? undefined : proposalNoticeId(offered.proposalId)
  const told = offered === undefined ? undefined : await tellWebhooks(ctx, proposedFact(offered, input.invitation))
  return {
    outcome: { ...written.outcome, reason },
    notices: [
      ...written.notices,
      ...(noticeId === undefined ? [] : [{ topicName: 'notice-due', body: JSON.stringify({ noticeId }) } as const]),
      ...(told?.notices ?? []),
    ],
    operations: [...written.operations, ...operations, ...(told?.operations ?? [])],
  }
}

function proposedFact({ proposalId, eventId, invitationId }: Proposal, { address }: Invitation): Fact {
  const data = { proposal_id: proposalId, event_id: eventId, invitation_id: invitationId }
  return { type: 'proposal.received', data, email: address }
}

function storedAnswer(invitation: Invitation, recurrenceKey: string | undefined) {
  if (recurrenceKey !== undefined) {
    const answer = invitation.instanceAnswers[recurrenceKey]
    return answer === undefined ? undefined : { ...answer, recurrenceKey }
  }
  if (invitation.answerDtstamp === '') return undefined
  return { partstat: invitation.partstat, sequence: invitation.answerSequence, dtstamp: invitation.answerDtstamp }
}
