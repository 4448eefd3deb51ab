import { inboundBlobKey } from '#shared/contracts/notices.ts'
import { type MailReport, readReport } from '#shared/imip/report/read-report.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import { type Decided, ignored } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import type { ReplyAddress } from '#tenant-stack/core/reply-address/reply-address.ts'
import { takeTold } from '../feedback/take-feedback.ts'

/** Addresses that do not exist or take no mail for good (RFC 3463 §3.2, §3.3): bad mailbox, bad domain, moved, null MX, disabled. */
const NO_MAILBOX = /^5\.(1\.(1|2|3|6|10)|2\.1)$/

/**
 * A report of a mail server, to the attendee's own reply address, which is where bounces go: what became of the mail. Whoever knows that
 * address is the attendee or has his mail, so a forged one takes nobody's mail away but his own.
 */
export async function takeReport(ctx: Ctx, { delivery }: ReadMail, pair: ReplyAddress): Promise<Decided> {
  const report = readReport(await ctx.blobs.get(inboundBlobKey(delivery.mailId)))
  if (report === undefined) return ignored('delivery_report')
  const told = tellingOf(report)
  if (told === undefined) return ignored('delivery_report', report.kind)
  const taken = await takeTold(ctx, { ...told, sendId: report.sendId, onlyOf: pair.attendeeAddress })
  if (taken === 'unknown_mail') return ignored('delivery_report', 'it is about no mail to this attendee')
  return { outcome: { kind: 'acted', reason: told.state, answer: 'nothing', eventIds: [] }, notices: [] }
}

function tellingOf(report: MailReport) {
  if (report.kind === 'feedback')
    return report.feedbackType === 'not-spam'
      ? undefined
      : { state: 'complained' as const, suppresses: true, detail: report.feedbackType }
  const { action, status } = report
  if (action === 'failed') return { state: 'bounced' as const, suppresses: NO_MAILBOX.test(status), detail: status }
  if (action === 'delayed') return { state: 'delayed' as const, suppresses: false, detail: status }
  return action === 'delivered' ? { state: 'delivered' as const, suppresses: false, detail: status } : undefined
}
