import { oneLine } from '#shared/imip/compose/header-text.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { findReportAnswer, type ReportAnswer } from '#tenant-stack/core/report/report-answer.ts'
import { sendNotice } from './send-notice.ts'

/** Who wrote to `reports@` is told that no event of his fits (the same words whether somebody else's does), or which others do. */
export async function sendReportAnswer(ctx: Ctx, noticeId: string): Promise<void> {
  const answer = await findReportAnswer(ctx, noticeId)
  if (answer === undefined) return
  const delivery = await findDelivery(ctx, answer.mailId, answer.recipient)
  await sendNotice(ctx, {
    ledgerId: noticeId,
    from: 'reports',
    to: answer.to,
    inReplyTo: delivery?.messageId,
    parts: answer.eventIds.length === 0 ? noneText(ctx, answer) : await othersText(ctx, answer),
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId }) },
  })
}

function footerOf(ctx: Ctx): string {
  return words.notices.reportAnswer.footer(mailboxAddress(ctx.settings, 'reports'))
}

function noneText(ctx: Ctx, { asked }: ReportAnswer): NoticeParts {
  const said = words.notices.reportAnswer
  const title = oneLine(asked)
  return {
    subject: title === '' ? said.noneSubject : said.noneSubjectOf(title),
    title: said.noneTitle,
    paragraphs: [said.none, said.how],
    facts: title === '' ? [] : [[said.asked, title]],
    links: [],
    footer: footerOf(ctx),
  }
}

async function othersText(ctx: Ctx, { asked, eventIds, moreCount }: ReportAnswer): Promise<NoticeParts> {
  const said = words.notices.reportAnswer
  const found = await Promise.all(eventIds.map((eventId) => findEvent(ctx, eventId)))
  return {
    subject: said.othersSubject(oneLine(asked)),
    title: said.othersTitle,
    paragraphs: [said.others, ...(moreCount === 0 ? [] : [said.more(moreCount)])],
    facts: found.flatMap((one) => (one === undefined ? [] : [[whenText(words.dates, one), one.eventId] as const])),
    links: [],
    footer: footerOf(ctx),
  }
}
