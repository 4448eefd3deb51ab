import type { EventCreated } from '#shared/contracts/notices.ts'
import { writeReply } from '#shared/icalendar/write/write-reply.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, findRevision, getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { referenceOperations } from '#tenant-stack/core/calendar-event/notice-reference.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { leadingVevent } from '#tenant-stack/core/invite-mail/invite-texts.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { type NoticeText, noticeText } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { warningWords } from '#tenant-stack/core/notice-mail/warning-words.ts'
import { issueReportLink } from '#tenant-stack/core/report/report-link.ts'
import { sendNotice } from './send-notice.ts'

/** Pipeline 4: the organizer learns that his event stands, and his calendar sees `create@` accept. */
export async function sendCreatedNotice(ctx: Ctx, notice: EventCreated): Promise<void> {
  const calendarEvent = await findEvent(ctx, notice.eventId)
  if (calendarEvent === undefined) return
  const delivery = await findDelivery(ctx, notice.mailId, notice.recipient)
  await sendNotice(ctx, {
    ledgerId: `ntc_created-${notice.eventId}`,
    to: calendarEvent.organizerAddress,
    inReplyTo: delivery?.messageId,
    text: createdText(ctx, calendarEvent, await issueReportLink(ctx, calendarEvent.eventId)),
    calendar: await acceptance(ctx, calendarEvent),
    // A list that is mailed in answer to it is for this event.
    onSent: ({ sendId, mailerMessageId }) => referenceOperations(ctx, notice.eventId, [sendId, mailerMessageId]),
    resume: { topicName: 'event-created', body: JSON.stringify(notice) },
  })
}

function createdText(ctx: Ctx, calendarEvent: CalendarEvent, reportUrl: string): NoticeText {
  const title = calendarEvent.subject === '' ? 'Untitled event' : calendarEvent.subject
  const guests = calendarEvent.otherAttendeeCount
  const warnings = calendarEvent.warnings.flatMap((warning) => warningWords(warning, calendarEvent))
  return noticeText({
    subject: `Created: ${title}`,
    title: `"${title}" is ready to be sent`,
    paragraphs: [
      'We read your invitation and stored the event. Nobody has been invited yet.',
      ...(guests === 0
        ? []
        : [
            `The ${guests === 1 ? 'other guest' : `${guests} other guests`} of your invitation will hear nothing from us.`,
          ]),
      ...warnings,
      'To change or cancel it, change or cancel the event in your own calendar; we hear of it and tell those who answered.',
    ],
    facts: [
      ['When', whenText(calendarEvent)],
      ...(calendarEvent.location === '' ? [] : [['Where', calendarEvent.location] as const]),
      ['Event id', calendarEvent.eventId],
      ['By API', `${ctx.settings.apiUrl}/events/${calendarEvent.eventId}`],
    ],
    links: [['Send me the report', reportUrl]],
    footer: `Sent because ${mailboxAddress(ctx.settings, 'create')} was invited from your calendar.`,
  })
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
