import { Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { requestReport } from '#tenant-stack/core/report/report.ts'
import { findByReportLink } from '#tenant-stack/core/report/report-link.ts'
import { type Markup, PAGE_HEADERS, page } from './page.ts'

/** A form's own name, minted with the page: sent twice, it asks once. */
const ASK = /^[0-9a-z]{26}$/

/** The page behind "Send me the report": its button has the report mailed to the event's organizer. It shows nothing of the attendees, because links are passed on. */
export function reportPages(ctx: Ctx): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
    })
    .get('/:token', async (c) => {
      const calendarEvent = await findByReportLink(ctx, c.req.param('token'))
      return calendarEvent === undefined ? c.html(notKnown(), 404) : c.html(asking(calendarEvent, ctx.ids.newToken()))
    })
    .post('/:token', async (c) => {
      const calendarEvent = await findByReportLink(ctx, c.req.param('token'))
      if (calendarEvent === undefined) return c.html(notKnown(), 404)
      const { ask } = await c.req.parseBody()
      if (typeof ask !== 'string' || !ASK.test(ask)) return c.html(asking(calendarEvent, ctx.ids.newToken()), 422)
      try {
        await requestReport(ctx, { eventId: calendarEvent.eventId, name: `page\n${ask}` })
        return c.html(onItsWay(calendarEvent))
      } catch (error) {
        if (isFailure(error, 'report.too_many')) return c.html(page('Not today', html`<p>${error.message}</p>`), 429)
        if (isFailure(error, 'licence.suspended'))
          return c.html(page('Not at present', html`<p>${error.message}</p>`), 403)
        throw error
      }
    })
}

function asking(calendarEvent: CalendarEvent, ask: string): Markup {
  return page(
    'Send the report of this event',
    html`${facts(calendarEvent)}
<p>The report says who was invited and what they answered. It is mailed to the organizer of the event, and to nobody else.</p>
<form method="post"><input type="hidden" name="ask" value="${ask}"><button type="submit">Send me the report</button></form>`,
  )
}

function onItsWay(calendarEvent: CalendarEvent): Markup {
  return page('The report is on its way', html`${facts(calendarEvent)}<p>It comes by mail in a moment.</p>`)
}

function facts(calendarEvent: CalendarEvent): Markup {
  const { subject } = calendarEvent
  return html`<p><strong>${subject === '' ? words.untitled : subject}</strong><br>${whenText(words.dates, calendarEvent)}</p>`
}

function notKnown(): Markup {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail, or is older than half a year. You can also mail the event's id to the reports mailbox.</p>`,
  )
}
