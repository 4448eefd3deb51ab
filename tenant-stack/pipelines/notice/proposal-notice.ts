import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { isStale, type Proposal, proposalNoticeId } from '#tenant-stack/core/proposal/proposal.ts'
import { issueProposalLink } from '#tenant-stack/core/proposal/proposal-link.ts'
import { findProposal } from '#tenant-stack/core/proposal/proposal-store.ts'
import { sendNotice } from './send-notice.ts'

/** The organizer is asked about another time that an attendee proposes: who, from when to when, his words, and a link to decide by. */
export async function sendProposalNotice(ctx: Ctx, proposalId: string): Promise<void> {
  const proposal = await findProposal(ctx, proposalId)
  if (proposal === undefined) return
  const calendarEvent = await findEvent(ctx, proposal.eventId)
  const invitation = await findInvitation(ctx, proposal.eventId, proposal.invitationId)
  if (calendarEvent === undefined || invitation === undefined) return
  const url = await issueProposalLink(ctx, proposal)
  const ledgerId = proposalNoticeId(proposalId)
  await sendNotice(ctx, {
    ledgerId,
    to: calendarEvent.organizerAddress,
    parts: proposalText(proposal, { calendarEvent, invitation, url }),
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId: ledgerId }) },
  })
}

function proposalText(
  proposal: Proposal,
  of: { readonly calendarEvent: CalendarEvent; readonly invitation: Invitation; readonly url: string },
): NoticeParts {
  const said = words.notices.proposal
  const { calendarEvent, invitation } = of
  const { displayZone } = calendarEvent
  const title = calendarEvent.subject === '' ? words.untitled : calendarEvent.subject
  const who = invitation.name === undefined ? invitation.address : `${invitation.name} (${invitation.address})`
  const isHis = proposal.proposedBy === invitation.address.toLowerCase()
  const comment = proposal.comment
  return {
    subject: said.subject(title),
    title: said.title,
    paragraphs: [
      said.who(oneLine(who), title),
      ...(isHis ? [] : [said.byOther(proposal.proposedBy, invitation.address)]),
      ...(isStale(proposal, calendarEvent) ? [said.isStale] : []),
      proposal.isWholeSeries ? said.isSeries : said.decide,
    ],
    facts: [
      [said.now, whenText(words.dates, { ...proposal.from, rrules: [], displayZone })],
      [said.proposed, whenText(words.dates, { ...proposal.to, rrules: [], displayZone })],
      ...(comment === undefined ? [] : [[said.comment, comment] as const]),
    ],
    links: [[said.button, of.url]],
    footer: said.footer,
  }
}
