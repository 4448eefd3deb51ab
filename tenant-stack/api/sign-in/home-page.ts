import { html } from 'hono/html'
import type { Principal } from '#tenant-stack/core/access/principal.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { listSessions } from '#tenant-stack/core/session/end-sessions.ts'
import type { Session } from '#tenant-stack/core/session/session.ts'
import { type Markup, page } from '#tenant-stack/pages/page.ts'

/** So many of the newest events are shown; the API has them all. */
const EVENTS_SHOWN = 20

type Of = { readonly principal: Principal; readonly session: Session; readonly base: string }

/** Who is signed in, the newest of the events that are his to see with their answers, and where else he is signed in. */
export async function homePage(ctx: Ctx, { principal, session, base }: Of): Promise<Markup> {
  const { domainName } = ctx.settings
  const page1 = await listEvents(ctx, { limit: EVENTS_SHOWN, organizerAddress: principal.organizer })
  const rows = await Promise.all(page1.events.map((one) => eventRow(ctx, one)))
  const sessions = await listSessions(ctx, session.address)
  const what = principal.organizer === undefined ? `administrator of ${domainName}` : `organizer at ${domainName}`
  return page(
    domainName,
    html`<p>You are <strong>${session.address}</strong>, ${what}.</p>
<form method="post" action="${base}/sign-out"><button class="quiet" type="submit">Sign out</button></form>
<h2>${principal.organizer === undefined ? 'Events of the domain' : 'Your events'}</h2>
${rows.length === 0 ? html`<p>None yet. Invite <strong>${mailboxAddress(ctx.settings, 'create')}</strong> to a meeting in your calendar and it appears here.</p>` : html`<div class="wide"><table><thead><tr><th>Event</th><th>When</th><th>Invited</th><th>Yes</th><th>No</th><th>Maybe</th></tr></thead><tbody>${rows}</tbody></table></div>`}
${page1.next === undefined ? '' : html`<p>These are the newest ${EVENTS_SHOWN}; the API has them all.</p>`}
<h2>Signed in</h2>
<ul>${sessions.map((one) => sessionItem(one, session, base))}</ul>
${sessions.length < 2 ? '' : html`<form method="post" action="${base}/console/sessions"><input type="hidden" name="end" value="others"><button class="quiet" type="submit">Sign out everywhere else</button></form>`}`,
  )
}

async function eventRow(ctx: Ctx, calendarEvent: CalendarEvent) {
  const { answers, attendees } = await readStatistics(ctx, calendarEvent.eventId)
  const title = calendarEvent.subject === '' ? 'Untitled event' : calendarEvent.subject
  const name = calendarEvent.status === 'cancelled' ? html`<s>${title}</s> (cancelled)` : title
  return html`<tr><th scope="row">${name}</th><td>${whenText(words.dates, calendarEvent)}</td><td>${attendees}</td><td>${answers.accepted}</td><td>${answers.declined}</td><td>${answers.tentative}</td></tr>`
}

function sessionItem({ sessionId, userAgent, lastUsedAt }: Session, current: Session, base: string) {
  const what = userAgent === '' ? 'A browser that does not say what it is' : userAgent
  if (sessionId === current.sessionId) return html`<li>${what}: this one</li>`
  const used = new Date(lastUsedAt).toISOString().slice(0, 16).replace('T', ' ')
  return html`<li>${what}, last used ${used} UTC <form method="post" action="${base}/console/sessions"><input type="hidden" name="end" value="${sessionId}"><button class="quiet" type="submit">Sign out</button></form></li>`
}
