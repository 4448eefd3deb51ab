import { oneLine } from '#shared/imip/compose/header-text.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
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

const HOW =
  'Write the id of the event, or its exact subject, into the subject of a mail. The id is in the mail that told you that the event was created.'

function footerOf(ctx: Ctx): string {
  return `Sent because a mail from your address reached ${mailboxAddress(ctx.settings, 'reports')}.`
}

function noneText(ctx: Ctx, { asked }: ReportAnswer): NoticeParts {
  const title = oneLine(asked)
  return {
    subject: title === '' ? 'No event found for a report' : `No event found: ${title}`,
    title: 'No event of yours was found',
    paragraphs: ['You asked for a report, and none of your events has this id or this subject.', HOW],
    facts: title === '' ? [] : [['You asked for', title]],
    links: [],
    footer: footerOf(ctx),
  }
}

async function othersText(ctx: Ctx, { asked, eventIds, moreCount }: ReportAnswer): Promise<NoticeParts> {
  const found = await Promise.all(eventIds.map((eventId) => findEvent(ctx, eventId)))
  const title = oneLine(asked)
  return {
    subject: `More events found: ${title}`,
    title: 'More of your events fit',
    paragraphs: [
      'You get the reports of the next ones in mails of their own. For another one of these, write its id into the subject of a mail.',
      ...(moreCount === 0 ? [] : [`And ${moreCount} more.`]),
    ],
    facts: found.flatMap((one) => (one === undefined ? [] : [[whenText(one), one.eventId] as const])),
    links: [],
    footer: footerOf(ctx),
  }
}
