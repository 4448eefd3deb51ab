import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { acceptProposal, declineProposal } from '#tenant-stack/core/proposal/decide-proposal.ts'
import { type Proposal, standingState } from '#tenant-stack/core/proposal/proposal.ts'
import { findByProposalLink } from '#tenant-stack/core/proposal/proposal-link.ts'
import { getProposal } from '#tenant-stack/core/proposal/proposal-store.ts'
import { type Markup, PAGE_HEADERS, page } from './page.ts'

/** What became of a proposal that cannot be decided any more, for the organizer. */
const TOLD: Readonly<Record<Exclude<Proposal['state'], 'open'>, readonly [title: string, words: string]>> = {
  accepting: ['Accepted', 'The event is being moved; everybody who has to know gets the new time in a moment.'],
  accepted: ['Accepted', 'The event was moved, and everybody who has to know gets the new time.'],
  declined: ['Declined', 'The time stays as it is; the one who proposed is told so.'],
  replaced: ['Another time was proposed since', 'Decide about the newer proposal; you have a mail about it.'],
  stale: ['There is nothing to decide any more', 'The event has another time by now, or is cancelled.'],
  not_offered: ['There is nothing to decide', 'This proposal was kept, and nothing was asked about it.'],
}

/** The page of the organizer behind a proposal's link. GET changes nothing, because scanners follow links; its buttons decide. */
export function proposalPages(ctx: Ctx): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
    })
    .get('/:token', async (c) => {
      const proposal = await findByProposalLink(ctx, c.req.param('token'))
      return proposal === undefined ? c.html(notKnown(), 404) : c.html(await shown(ctx, proposal))
    })
    .post('/:token', async (c) => {
      const proposal = await findByProposalLink(ctx, c.req.param('token'))
      if (proposal === undefined) return c.html(notKnown(), 404)
      const { act } = await c.req.parseBody()
      return decided(ctx, c, proposal, act)
    })
}

async function decided(ctx: Ctx, c: Context, { proposalId }: Proposal, act: unknown): Promise<Response> {
  try {
    if (act === 'accept') return c.html(await shown(ctx, await acceptProposal(ctx, { proposalId, by: 'link' })))
    if (act === 'decline') return c.html(await shown(ctx, await declineProposal(ctx, { proposalId, by: 'link' })))
    return c.html(await shown(ctx, await getProposal(ctx, proposalId)), 422)
  } catch (error) {
    if (isFailure(error, 'licence.suspended')) return c.html(page('Not at present', html`<p>${error.message}</p>`), 403)
    if (!isFailure(error) || error.status !== 409) throw error
    return c.html(await shown(ctx, await getProposal(ctx, proposalId)), 409)
  }
}

async function shown(ctx: Ctx, proposal: Proposal): Promise<Markup> {
  const calendarEvent = await getEvent(ctx, proposal.eventId)
  const invitation = await findInvitation(ctx, proposal.eventId, proposal.invitationId)
  const state = standingState(proposal, calendarEvent)
  const who = invitation?.name ?? invitation?.address ?? proposal.proposedBy
  if (state === 'open')
    return page('Another time is proposed', html`${facts(proposal, calendarEvent, who)}${buttons(proposal)}`)
  const [title, words] = TOLD[state]
  const own =
    state === 'accepting' || state === 'accepted'
      ? 'Your own calendar does not know of it: move the event there too.'
      : ''
  return page(title, html`<p>${words} ${own}</p>${facts(proposal, calendarEvent, who)}`)
}

function facts(proposal: Proposal, { subject, displayZone }: CalendarEvent, who: string): Markup {
  return html`<p><strong>${subject === '' ? words.untitled : subject}</strong><br>
Now: ${whenText(words.dates, { ...proposal.from, rrules: [], displayZone })}<br>
Proposed by ${who}: <strong>${whenText(words.dates, { ...proposal.to, rrules: [], displayZone })}</strong></p>
${proposal.comment === undefined ? '' : html`<p style="white-space:pre-line">${proposal.comment}</p>`}`
}

function buttons({ isWholeSeries }: Proposal): Markup {
  const accept = html`<form method="post"><input type="hidden" name="act" value="accept"><button type="submit">Accept: move the event</button></form>`
  return html`${isWholeSeries ? html`<p>This is for the whole series: to move it, move it in your own calendar.</p>` : accept}
<form method="post" style="margin-top:1rem"><input type="hidden" name="act" value="decline"><button type="submit">Decline: the time stays</button></form>`
}

function notKnown(): Markup {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail. Copy the whole link from the mail.</p>`,
  )
}
