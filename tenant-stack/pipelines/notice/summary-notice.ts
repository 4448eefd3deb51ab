import type { EventRevised } from '#shared/contracts/notices.ts'
import type { CalendarEvent, EventRevision } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, findRevision } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { type FanOut, findFanOut } from '#tenant-stack/core/fan-out/fan-out.ts'
import { summaryNoticeId } from '#tenant-stack/core/fan-out/summary-notice.ts'
import { changedWords } from '#tenant-stack/core/invite-mail/invite-texts.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { issueReportLink } from '#tenant-stack/core/report/report-link.ts'
import { sendNotice } from './send-notice.ts'

/** The organizer learns what became of his update or cancel: what changed, how many are told, how many are not and why. */
export async function sendSummaryNotice(ctx: Ctx, revised: EventRevised): Promise<void> {
  const [calendarEvent, revision, fan] = await Promise.all([
    findEvent(ctx, revised.eventId),
    findRevision(ctx, revised.eventId, revised.sequence),
    findFanOut(ctx, revised),
  ])
  if (calendarEvent === undefined || revision === undefined || fan === undefined) return
  const noticeId = summaryNoticeId(revised)
  await sendNotice(ctx, {
    ledgerId: noticeId,
    to: calendarEvent.organizerAddress,
    make: async () => ({
      parts: summaryText(ctx, { calendarEvent, revision, fan }, await issueReportLink(ctx, revised.eventId)),
    }),
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId }) },
  })
}

type Of = { readonly calendarEvent: CalendarEvent; readonly revision: EventRevision; readonly fan: FanOut }

function summaryText(ctx: Ctx, { calendarEvent, revision, fan }: Of, reportUrl: string): NoticeParts {
  const said = words.notices.summary
  const title = calendarEvent.subject === '' ? words.untitled : calendarEvent.subject
  const { told = 0, seen = 0, silent = 0 } = fan
  const what = said.what[revision.kind]
  const audience = calendarEvent.audience ?? ctx.settings.audience
  return {
    subject: what.subject(title),
    title: what.title(title),
    paragraphs: [
      told === 0 ? said.nobody(audience) : said.told(told, audience),
      ...(revision.resetsAnswers ? [said.reset] : []),
    ],
    facts: [
      ...(revision.changed.length === 0 ? [] : [[said.changed, changedWords(revision.changed)] as const]),
      [words.facts.when, whenText(words.dates, calendarEvent)],
      [said.toldFact, String(told)],
      [said.notTold, String(Math.max(0, seen - told - silent))],
      ...(silent === 0 ? [] : [[said.silent, String(silent)] as const]),
      [said.revision, String(revision.sequence)],
      [words.facts.eventId, calendarEvent.eventId],
    ],
    links: [[words.created.report, reportUrl]],
    footer: said.footer(mailboxAddress(ctx.settings, 'create')),
  }
}
