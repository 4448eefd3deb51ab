import type { Vevent } from '#shared/icalendar/model.ts'
import { oneLine } from '#shared/imip/compose/header-text.ts'
import { inviteSlots } from '#shared/imip/compose/slots.ts'
import type { CalendarEvent, EventRevision } from '../calendar-event/calendar-event.ts'
import type { StoredContent } from '../calendar-event/event-store.ts'
import type { TenantSettings } from '../context.ts'
import { mailboxAddress } from '../mailbox/mailbox.ts'
import { escapeHtml, factsHtml, mailHtml, textAsHtml } from './html.ts'
import { startText, whenText } from './when-text.ts'

export type InviteTexts = { readonly subject: string; readonly text: string; readonly html: string }

type Occasion = { readonly prefix: string; readonly lead: string }

/** The component whose title, time and body stand for the whole: the master, or the first naked instance. */
export function leadingVevent(content: StoredContent): Vevent | undefined {
  return content.stored.series.master ?? content.stored.series.overrides[0]
}

/** Subject, plain text and HTML of an invite, an update or a cancel; the same for every attendee of the revision. */
export function inviteTexts(
  settings: TenantSettings,
  input: {
    readonly calendarEvent: CalendarEvent
    readonly revision: EventRevision
    readonly vevent: Vevent
    readonly isFirst: boolean
  },
): InviteTexts {
  const { calendarEvent, vevent } = input
  const occasion = occasionOf(input)
  const { displayZone } = calendarEvent
  const rrules = input.revision.kind === 'cancel_instances' ? [] : calendarEvent.rrules
  const when = whenText({ dtstart: vevent.dtstart, dtend: vevent.dtend, rrules, displayZone })
  const title = vevent.summary === '' ? 'Untitled event' : vevent.summary
  const organizer = calendarEvent.organizerName
  const lead = occasion.lead.replace('%s', () => organizer)
  const location = vevent.location ?? ''
  const abuse = mailboxAddress(settings, 'abuse')
  const body = vevent.description ?? ''
  const isAsked = input.revision.kind === 'request'
  const text = [
    lead,
    '',
    title,
    `When: ${when}`,
    ...(location === '' ? [] : [`Where: ${location}`]),
    ...(body === '' ? [] : ['', body]),
    '',
    '-- ',
    ...(isAsked ? answerText : []),
    `Sent for ${organizer} by ${settings.domainName}. Unwanted? Tell ${abuse}.`,
    `No more mail: ${inviteSlots.unsubscribeUrl}`,
    '',
  ].join('\n')
  const html = mailHtml({
    title,
    bodyHtml: [
      `<p style="margin:0;color:#5a6272">${escapeHtml(lead)}</p>`,
      `<h1 style="margin:8px 0 0;font-size:24px;line-height:1.25">${escapeHtml(title)}</h1>`,
      factsHtml([['When', escapeHtml(when)], ...(location === '' ? [] : [['Where', escapeHtml(location)] as const])]),
      vevent.descriptionHtml ?? (body === '' ? '' : `<p style="margin:0">${textAsHtml(body)}</p>`),
      ...(isAsked ? [answerHtml] : []),
    ].join('\n'),
    footerHtml: `${isAsked ? `${ANSWER_WORDS}<br>` : ''}Sent for ${escapeHtml(organizer)} by ${escapeHtml(settings.domainName)}. Unwanted? Tell <a href="mailto:${escapeHtml(abuse)}" style="color:#5a6272">${escapeHtml(abuse)}</a>. <a href="${inviteSlots.unsubscribeUrl}" style="color:#5a6272">No more mail</a>.`,
  })
  return {
    subject: `${occasion.prefix}: ${oneLine(title)} @ ${startText({ dtstart: vevent.dtstart, displayZone })}`,
    text,
    html,
  }
}

const ANSWER_WORDS = 'Answer with the buttons of your calendar, or with these links; your answer goes to the organizer.'

/** The way for who has no calendar that answers. The links open a page; nothing is answered before its button is pressed. */
const ANSWER_LINKS = [
  ['Yes', `${inviteSlots.answerUrl}/yes`],
  ['No', `${inviteSlots.answerUrl}/no`],
  ['Maybe', `${inviteSlots.answerUrl}/maybe`],
] as const

const answerText = [ANSWER_WORDS, ...ANSWER_LINKS.map(([word, url]) => `${word}: ${url}`)]

const answerHtml = `<p style="margin:20px 0 0">${ANSWER_LINKS.map(
  ([word, url]) =>
    `<a href="${url}" style="display:inline-block;margin-right:8px;padding:8px 18px;border:1px solid #1d4ed8;border-radius:6px;color:#1d4ed8;text-decoration:none">${word}</a>`,
).join('\n')}</p>`

function occasionOf(input: { readonly revision: EventRevision; readonly isFirst: boolean }): Occasion {
  switch (input.revision.kind) {
    case 'cancel':
      return { prefix: 'Cancelled', lead: '%s cancelled this event.' }
    case 'cancel_instances':
      return { prefix: 'Cancelled', lead: '%s cancelled this date of the series. The other dates stay.' }
    case 'request':
      if (input.isFirst) return { prefix: 'Invitation', lead: '%s invites you.' }
      return input.revision.resetsAnswers
        ? { prefix: 'Updated invitation', lead: '%s changed the time of this event. Please answer again.' }
        : { prefix: 'Updated invitation', lead: `%s changed ${listOf(input.revision.changed)} of this event.` }
  }
}

const CHANGED_WORDS: Readonly<Record<string, string>> = {
  start: 'the start',
  end: 'the end',
  recurrence: 'the dates',
  summary: 'the title',
  location: 'the place',
  description: 'the description',
  status: 'the status',
  instances: 'some dates',
}

function listOf(changed: readonly string[]): string {
  const words = [...new Set(changed.map((name) => CHANGED_WORDS[name] ?? 'details'))]
  return words.length === 0 ? 'details' : words.join(' and ')
}
