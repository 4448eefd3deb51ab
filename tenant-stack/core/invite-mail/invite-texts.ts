import type { Vevent } from '#shared/icalendar/model.ts'
import { oneLine } from '#shared/imip/compose/header-text.ts'
import { inviteSlots } from '#shared/imip/compose/slots.ts'
import type { CalendarEvent, EventRevision } from '../calendar-event/calendar-event.ts'
import type { StoredContent } from '../calendar-event/event-store.ts'
import type { TenantSettings } from '../context.ts'
import type { Brand } from '../mail-template/brand.ts'
import { escapeHtml, textAsHtml } from '../mail-template/html.ts'
import { words } from '../mail-template/language.ts'
import { mailHtml } from '../mail-template/mail-html.ts'
import { mailboxAddress } from '../mailbox/mailbox.ts'
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
    readonly brand: Brand
    readonly calendarEvent: CalendarEvent
    readonly revision: EventRevision
    readonly vevent: Vevent
    readonly isFirst: boolean
  },
): InviteTexts {
  const { brand, calendarEvent, vevent } = input
  const said = words.invite
  const { prefix, lead } = occasionOf(input)
  const { displayZone } = calendarEvent
  const rrules = input.revision.kind === 'cancel_instances' ? [] : calendarEvent.rrules
  const when = whenText(words.dates, { dtstart: vevent.dtstart, dtend: vevent.dtend, rrules, displayZone })
  const title = vevent.summary === '' ? words.untitled : vevent.summary
  const organizer = calendarEvent.organizerName
  const location = vevent.location ?? ''
  const abuse = mailboxAddress(settings, 'abuse')
  const body = vevent.description ?? ''
  const isAsked = input.revision.kind === 'request'
  const facts = [
    { name: words.facts.when, value: when },
    ...(location === '' ? [] : [{ name: words.facts.where, value: location }]),
  ]
  const sentFor = said.sentFor(organizer, brand.productName === '' ? settings.domainName : brand.productName)
  const text = [
    lead,
    '',
    title,
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...(body === '' ? [] : ['', body]),
    '',
    '-- ',
    ...(isAsked ? [said.answer, ...ANSWERS.map(({ label, url }) => `${label}: ${url}`)] : []),
    `${sentFor} ${said.unwanted} ${abuse}.`,
    `${said.noMoreMail}: ${inviteSlots.unsubscribeUrl}`,
    ...(brand.footerText === '' ? [] : [brand.footerText]),
    '',
  ].join('\n')
  const html = mailHtml(brand, {
    lead,
    title,
    facts,
    bodyHtml: vevent.descriptionHtml ?? textAsHtml(body),
    answers: isAsked ? ANSWERS : [],
    footers: [
      ...(isAsked ? [escapeHtml(said.answer)] : []),
      `${escapeHtml(`${sentFor} ${said.unwanted}`)} <a href="mailto:${escapeHtml(abuse)}">${escapeHtml(abuse)}</a>. <a href="${inviteSlots.unsubscribeUrl}">${escapeHtml(said.noMoreMail)}</a>.`,
    ],
  })
  return {
    subject: `${prefix}: ${oneLine(title)} @ ${startText(words.dates, { dtstart: vevent.dtstart, displayZone })}`,
    text,
    html,
  }
}

/** The way for who has no calendar that answers. The links open a page; nothing is answered before its button is pressed. */
const ANSWERS = [
  { label: words.invite.yes, url: `${inviteSlots.answerUrl}/yes` },
  { label: words.invite.no, url: `${inviteSlots.answerUrl}/no` },
  { label: words.invite.maybe, url: `${inviteSlots.answerUrl}/maybe` },
]

function occasionOf(input: {
  readonly calendarEvent: CalendarEvent
  readonly revision: EventRevision
  readonly isFirst: boolean
}): Occasion {
  const { prefix, lead } = words.invite
  const organizer = input.calendarEvent.organizerName
  switch (input.revision.kind) {
    case 'cancel':
      return { prefix: prefix.cancel, lead: lead.cancel(organizer) }
    case 'cancel_instances':
      return { prefix: prefix.cancel, lead: lead.cancelDate(organizer) }
    case 'request':
      if (input.isFirst) return { prefix: prefix.invitation, lead: lead.invitation(organizer) }
      return input.revision.resetsAnswers
        ? { prefix: prefix.update, lead: lead.newTime(organizer) }
        : { prefix: prefix.update, lead: lead.changed(organizer, changedWords(input.revision.changed)) }
  }
}

/** What a revision changed, in words. */
export function changedWords(changed: readonly string[]): string {
  const { changed: named, details, and } = words.invite
  const what = new Map(Object.entries(named))
  const said = [...new Set(changed.map((name) => what.get(name) ?? details))]
  return said.length === 0 ? details : said.join(and)
}
