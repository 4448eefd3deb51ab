import type { EventCreated } from '#shared/contracts/notices.ts'
import { writeReply } from '#shared/icalendar/write/write-reply.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, findRevision, getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { referenceOperations } from '#tenant-stack/core/calendar-event/notice-reference.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { leadingVevent } from '#tenant-stack/core/invite-mail/invite-texts.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { createdNoticeId } from '#tenant-stack/core/notice-mail/promised-notices.ts'
import { warningWords } from '#tenant-stack/core/notice-mail/warning-words.ts'
import { issueReportLink } from '#tenant-stack/core/report/report-link.ts'
import { sendNotice } from './send-notice.ts'

/** Pipeline 4: the organizer learns that his event stands, and his calendar sees `create@` accept. */
export async function sendCreatedNotice(ctx: Ctx, notice: EventCreated): Promise<void> {
  const calendarEvent = await findEvent(ctx, notice.eventId)
  if (calendarEvent === undefined) return
  const delivery = await findDelivery(ctx, notice.mailId, notice.recipient)
  await sendNotice(ctx, {
    ledgerId: createdNoticeId(notice.eventId),
    to: calendarEvent.organizerAddress,
    inReplyTo: delivery?.messageId,
    parts: createdText(ctx, calendarEvent, await issueReportLink(ctx, calendarEvent.eventId)),
    calendar: await acceptance(ctx, calendarEvent),
    // A list that is mailed in answer to it is for this event.
    onSent: ({ sendId, mailerMessageId }) => referenceOperations(ctx, notice.eventId, [sendId, mailerMessageId]),
    resume: { topicName: 'event-created', body: JSON.stringify(notice) },
  })
}

function createdText(ctx: Ctx, calendarEvent: CalendarEvent, reportUrl: string): NoticeParts {
  const said = words.created
  const title = calendarEvent.subject === '' ? words.untitled : calendarEvent.subject
  const guests = calendarEvent.otherAttendeeCount
  const warnings = calendarEvent.warnings.flatMap((warning) => warningWords(warning, calendarEvent))
  return {
    subject: said.subject(title),
    title: said.title(title),
    paragraphs: [said.stored, ...(guests === 0 ? [] : [said.otherGuests(guests)]), ...warnings, said.change],
    facts: [
      [words.facts.when, whenText(words.dates, calendarEvent)],
      ...(calendarEvent.location === '' ? [] : [[words.facts.where, calendarEvent.location] as const]),
      [words.facts.eventId, calendarEvent.eventId],
      [words.facts.byApi, `${ctx.settings.apiUrl}/events/${calendarEvent.eventId}`],
    ],
    links: [[said.report, reportUrl]],
    footer: said.footer(mailboxAddress(ctx.settings, 'create')),
  }
}

/** METHOD:REPLY with ACCEPTED for `create@`: only to an event whose own ORGANIZER could receive it. */
async function acceptance(ctx: Ctx, calendarEvent: CalendarEvent) {
  const first = await findRevision(ctx, calendarEvent.eventId, 0)
  const content = await getContent(ctx, first?.seriesBlobKey ?? calendarEvent.seriesBlobKey)
  const vevent = leadingVevent(content)
  if (vevent?.organizer === undefined || vevent.organizer.address === '') return undefined
  const body = writeReply({
    uid: calendarEvent.clientUid,
    organizer: vevent.organizer,
    attendee: { address: mailboxAddress(ctx.settings, 'create') },
    partstat: 'ACCEPTED',
    sequence: vevent.sequence,
    dtstamp: calendarEvent.dtstamp,
    dtstart: vevent.dtstart,
    ...(vevent.recurrenceId === undefined ? {} : { recurrenceId: vevent.recurrenceId }),
    summary: vevent.summary,
  })
  return { method: 'REPLY', body } as const
}
