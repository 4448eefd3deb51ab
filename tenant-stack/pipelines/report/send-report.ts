import type * as z from 'zod'
import type { ReportDue } from '#shared/contracts/notices.ts'
import type { StatisticsView } from '#shared/contracts/statistics-api.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { reportLedgerId } from '#tenant-stack/core/report/report.ts'
import { reportCsv } from '#tenant-stack/core/report/report-csv.ts'
import { type NoticeBody, sendNotice } from '../notice/send-notice.ts'
import { type FileLimits, type ReportFile, reportFile } from './report-file.ts'

/** Of the claim's time, what reading may take: the mail has to be made and handed over in the rest. */
const READING_SHARE = 0.5

/** The report of one event, to its own organizer: the numbers in the text, the attendees as a file. From `reports@`: a reply asks for a new one. */
export async function sendReport(ctx: Ctx, due: ReportDue, limits?: FileLimits): Promise<void> {
  const calendarEvent = await findEvent(ctx, due.eventId)
  if (calendarEvent === undefined) return
  const asked = await askedBy(ctx, due)
  await sendNotice(ctx, {
    ledgerId: reportLedgerId(due.reportId),
    from: 'reports',
    to: calendarEvent.organizerAddress,
    inReplyTo: asked?.messageId,
    make: (leaseUntil) => bodyOf(ctx, calendarEvent, { leaseUntil, limits }),
    resume: { topicName: 'report-due', body: JSON.stringify(due) },
  })
}

async function askedBy(ctx: Ctx, { mailId, recipient }: ReportDue) {
  return mailId === undefined || recipient === undefined ? undefined : findDelivery(ctx, mailId, recipient)
}

async function bodyOf(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  { leaseUntil, limits }: { readonly leaseUntil: number; readonly limits: FileLimits | undefined },
): Promise<NoticeBody> {
  const readUntil = ctx.clock.now() + (leaseUntil - ctx.clock.now()) * READING_SHARE
  const statistics = await readStatistics(ctx, calendarEvent.eventId)
  const file = await reportFile(reportCsv(ctx, calendarEvent), () => ctx.clock.now() < readUntil, limits)
  if (file.kind === 'none')
    ctx.log.warn({ at: 'report.without_file', eventId: calendarEvent.eventId, reason: file.reason })
  return {
    parts: reportText(ctx, { calendarEvent, statistics, file }),
    attachments: attachmentsOf(calendarEvent, file),
  }
}

function attachmentsOf({ eventId }: CalendarEvent, file: ReportFile): NoticeBody['attachments'] {
  switch (file.kind) {
    case 'plain':
      return [{ filename: `attendees-${eventId}.csv`, contentType: 'text/csv; charset=utf-8', content: file.bytes }]
    case 'packed':
      return [{ filename: `attendees-${eventId}.csv.gz`, contentType: 'application/gzip', content: file.bytes }]
    case 'none':
      return []
  }
}

function reportText(
  ctx: Ctx,
  of: {
    readonly calendarEvent: CalendarEvent
    readonly statistics: z.infer<typeof StatisticsView>
    readonly file: ReportFile
  },
): NoticeParts {
  const { calendarEvent, statistics, file } = of
  const { attendees, answers, mail } = statistics
  const said = words.notices.report
  const title = calendarEvent.subject === '' ? words.untitled : calendarEvent.subject
  const ofFile: Readonly<Record<ReportFile['kind'], readonly string[]>> = {
    plain: [`${said.plain} ${said.isSafe}`],
    packed: [`${said.packed} ${said.isSafe}`],
    none: [said.noFile, `GET ${ctx.settings.apiUrl}/events/${calendarEvent.eventId}/report.csv?limit=5000`],
  }
  const counts: readonly (readonly [string, number])[] = [
    [said.counts.invited, attendees],
    [said.counts.accepted, answers.accepted],
    [said.counts.declined, answers.declined],
    [said.counts.tentative, answers.tentative],
    [said.counts.delegated, answers.delegated],
    [said.counts.none, answers.none],
    [said.counts.sent, mail.sent],
    [said.counts.bounced, mail.bounced],
  ]
  return {
    subject: said.subject(title),
    title: said.title(title),
    paragraphs: [...(attendees === 0 ? [said.nobody] : []), ...ofFile[file.kind]],
    facts: [
      [words.facts.when, whenText(words.dates, calendarEvent)],
      ...(calendarEvent.status === 'cancelled' ? [[said.status, said.cancelled] as const] : []),
      ...counts.map(([name, count]) => [name, String(count)] as const),
      [words.facts.eventId, calendarEvent.eventId],
    ],
    links: [],
    footer: said.footer,
  }
}
