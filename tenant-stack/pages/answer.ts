import { Hono } from 'hono'
import { html } from 'hono/html'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { currentPartstat } from '#tenant-stack/core/invitation/invitation.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { answerOnPage, PAGE_ANSWERS, type PageAnswer } from '#tenant-stack/core/reply/answer-on-page.ts'
import { WORDS_CHARS_MAX } from '#tenant-stack/core/reply/attendee-words.ts'
import { type Answerable, findByAnswerId } from '#tenant-stack/core/reply-address/answer-id.ts'
import { type Markup, PAGE_HEADERS, page } from './page.ts'

const WORDS: Readonly<Record<PageAnswer, string>> = { yes: 'Yes', no: 'No', maybe: 'Maybe' }
const ANSWERS: readonly PageAnswer[] = ['yes', 'no', 'maybe']

/**
 * The page behind an invite's links, for who has no calendar that answers. GET shows what is asked with the link's answer chosen and changes
 * nothing, because scanners follow links; the button's POST records it.
 */
export function answerPages(ctx: Ctx): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
    })
    .get('/:answerId/:answer?', async (c) => {
      const found = await findByAnswerId(ctx, c.req.param('answerId'))
      if (found === undefined) return c.html(notKnown(), 404)
      if (found.calendarEvent.status === 'cancelled') return c.html(cancelled(found))
      return c.html(asked(found, 'Will you come?', '', answerOf(c.req.param('answer'))))
    })
    .post('/:answerId/:answer?', async (c) => {
      const answerId = c.req.param('answerId')
      const form = await c.req.parseBody()
      const answer = answerOf(form.answer)
      const shownSequence = typeof form.shown === 'string' && /^\d{1,10}$/.test(form.shown) ? Number(form.shown) : -1
      if (answer === undefined || shownSequence < 0) {
        const found = await findByAnswerId(ctx, answerId)
        return found === undefined
          ? c.html(notKnown(), 404)
          : c.html(asked(found, 'Will you come?', 'Choose an answer, then press the button.', undefined), 422)
      }
      const comment = typeof form.comment === 'string' ? form.comment : undefined
      const answered = await answerOnPage(ctx, { answerId, answer, shownSequence, comment })
      if (answered === undefined) return c.html(notKnown(), 404)
      switch (answered.kind) {
        case 'cancelled':
          return c.html(cancelled(answered), 409)
        case 'time_changed':
          return c.html(
            asked(answered, 'The time has changed', 'Nothing was answered yet. Please look again.', answer),
            409,
          )
        case 'recorded':
          return c.html(asked(answered, `Answered: ${WORDS[answer]}`, told(answered.calendarEvent), answer))
      }
    })
}

function answerOf(word: unknown): PageAnswer | undefined {
  return ANSWERS.find((one) => one === word)
}

function told({ organizerName }: CalendarEvent): string {
  return `${organizerName} sees your answer. Your own calendar does not: change it there if you keep the event in it. You can answer anew here.`
}

/** What is chosen at first: the link's answer, else what he has answered before. */
function asked(found: Answerable, title: string, lead: string, chosen: PageAnswer | undefined): Markup {
  const { calendarEvent, invitation } = found
  const standing = currentPartstat(invitation, calendarEvent)
  const marked = chosen ?? ANSWERS.find((one) => PAGE_ANSWERS[one] === standing)
  return page(
    title,
    html`${lead === '' ? '' : html`<p>${lead}</p>`}
${facts(calendarEvent)}
<form method="post">
<input type="hidden" name="shown" value="${calendarEvent.sequence}">
<fieldset style="border:0;margin:0 0 1rem;padding:0"><legend>Answer for <strong>${invitation.address}</strong></legend>
${ANSWERS.map(
  (one) =>
    html`<label style="display:block;padding:.4rem 0"><input type="radio" name="answer" value="${one}" required${one === marked ? html` checked` : ''}> ${WORDS[one]}</label>
`,
)}</fieldset>
<p><label>A few words to ${calendarEvent.organizerName} (optional)<br>
<textarea name="comment" rows="3" maxlength="${WORDS_CHARS_MAX}" style="width:100%;box-sizing:border-box;font:inherit">${invitation.comment ?? ''}</textarea></label></p>
<button type="submit">Send answer</button>
</form>`,
  )
}

function cancelled({ calendarEvent }: Answerable): Markup {
  return page(
    'This event is cancelled',
    html`<p>${calendarEvent.organizerName} cancelled it. There is nothing to answer any more.</p>
${facts(calendarEvent)}`,
  )
}

function facts(calendarEvent: CalendarEvent): Markup {
  const { subject, organizerName, location } = calendarEvent
  return html`<p><strong>${subject === '' ? words.untitled : subject}</strong><br>
${whenText(words.dates, calendarEvent)}<br>
${location === '' ? '' : html`${location}<br>`}From ${organizerName}</p>`
}

function notKnown(): Markup {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail. Copy the whole link from the mail.</p>`,
  )
}
