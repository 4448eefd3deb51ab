import { instantFromMs } from '#shared/icalendar/times.ts'
import { writeDeclineCounter } from '#shared/icalendar/write/write-decline-counter.ts'
import { composeNotice } from '#shared/imip/compose/compose-notice.ts'
import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import type { Brand } from '#tenant-stack/core/mail-template/brand.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { brandOf } from '#tenant-stack/core/mail-template/read-brand.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { noticeText } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { isStale, type Proposal } from '#tenant-stack/core/proposal/proposal.ts'
import { findProposal } from '#tenant-stack/core/proposal/proposal-store.ts'
import { ensureReplyAddress, replyAddressOf } from '#tenant-stack/core/reply-address/reply-address.ts'
import { claimLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { deliver } from '#tenant-stack/core/send-ledger/deliver.ts'
import { finishAttempt } from '#tenant-stack/core/send-ledger/finish-attempt.ts'
import { suppressionsOf } from '#tenant-stack/core/suppression/suppressions-of.ts'
import { suppressedBy } from './compose-sendables.ts'

/**
 * Tells who proposed another time that the time stays (METHOD:DECLINECOUNTER, RFC 5546 §3.2.8), and nobody else. Not sent to whom nothing may be
 * sent, nor about a time that is no more: he is told of that.
 */
export async function sendDecline(
  ctx: Ctx,
  { ledgerId, proposalId }: { readonly ledgerId: string; readonly proposalId: string },
): Promise<void> {
  const proposal = await findProposal(ctx, proposalId)
  if (proposal === undefined) return
  const calendarEvent = await findEvent(ctx, proposal.eventId)
  const invitation = await findInvitation(ctx, proposal.eventId, proposal.invitationId)
  if (calendarEvent === undefined || invitation === undefined) return
  const { organizerAddress } = calendarEvent
  const { address } = invitation
  const pair = await ensureReplyAddress(ctx, { organizerAddress, attendeeAddress: address })
  const replyAddress = replyAddressOf(ctx, pair)
  const claimed = await claimLedger(ctx, ledgerId, [])
  if (claimed.kind !== 'claimed') return
  // After the claim: what was said until now holds for it.
  const suppressed = await suppressionsOf(ctx, { organizerAddress, addresses: [address] })
  const suppression = suppressed.get(normalizeAddress(address))
  const outdated = isStale(proposal, calendarEvent) ? 'superseded' : undefined
  const skip = suppression === undefined ? outdated : suppressedBy(suppression)
  const brand = await brandOf(ctx)
  const compose = (sendId: string) =>
    declineMail(ctx, {
      brand,
      proposal,
      calendarEvent,
      invitation,
      replyAddress,
      messageId: `${sendId}@${ctx.settings.domainName}`,
    })
  const delivered = await deliver(
    ctx,
    claimed.claim,
    [{ index: 0, envelopeTo: address, envelopeFrom: replyAddress, compose, ...(skip === undefined ? {} : { skip }) }],
    () => [],
  )
  await finishAttempt(ctx, claimed.claim, delivered)
}

function declineMail(
  ctx: Ctx,
  of: {
    readonly brand: Brand
    readonly proposal: Proposal
    readonly calendarEvent: CalendarEvent
    readonly invitation: Invitation
    readonly replyAddress: string
    readonly messageId: string
  },
): Buffer {
  const { proposal, calendarEvent, invitation, replyAddress } = of
  const said = words.notices.decline
  const { displayZone, organizerName } = calendarEvent
  const title = calendarEvent.subject === '' ? words.untitled : calendarEvent.subject
  const text = noticeText(of.brand, {
    subject: said.subject(title),
    title: said.title,
    paragraphs: [said.cannot(organizerName, title)],
    facts: [
      [said.stays, whenText(words.dates, { ...proposal.from, rrules: [], displayZone })],
      [said.youProposed, whenText(words.dates, { ...proposal.to, rrules: [], displayZone })],
    ],
    links: [],
    footer: said.footer(organizerName, ctx.settings.domainName),
  })
  return composeNotice({
    from: { address: replyAddress, name: oneLine(organizerName) },
    to: { address: invitation.address, ...(invitation.name === undefined ? {} : { name: invitation.name }) },
    ...text,
    calendar: {
      method: 'DECLINECOUNTER',
      body: writeDeclineCounter({
        uid: calendarEvent.uid,
        organizer: { address: replyAddress, name: oneLine(organizerName) },
        attendee: { address: invitation.address },
        sequence: proposal.sequence,
        // Of when it was declined, so that every attempt says the same.
        dtstamp: instantFromMs(Math.floor((proposal.decidedAt ?? proposal.createdAt) / 1000) * 1000),
        dtstart: proposal.from.dtstart,
        dtend: proposal.from.dtend,
        ...(proposal.recurrenceId === undefined ? {} : { recurrenceId: proposal.recurrenceId }),
        summary: title,
      }),
    },
    autoSubmitted: 'auto-generated',
    messageId: of.messageId,
    date: ctx.clock.now(),
  })
}
