import { MailRouted, ProposalAccepted } from '#shared/contracts/notices.ts'
import { inboundDeliveryKey } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { setAsideAt } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { mailboxOf } from '#tenant-stack/core/mailbox/mailbox.ts'
import { keyOf } from '#tenant-stack/core/proposal/proposal.ts'
import { moveToProposal } from '../disassemble/move-to-proposal.ts'
import { processListMail } from '../disassemble/process-list-mail.ts'
import { processOrganizerMail } from '../disassemble/process-organizer-mail.ts'
import { processReportMail } from '../disassemble/process-report-mail.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

/** What organizers mail, events and lists, and the proposals that they took over. The body tells which. */
export const disassemble: PipelineHandler = async (ctx, body) => {
  const notice: unknown = JSON.parse(body)
  const accepted = ProposalAccepted.safeParse(notice)
  if (accepted.success) {
    if (await isHeld(ctx)) return setAsideAt(ctx, keyOf(accepted.data.proposalId))
    return moveToProposal(ctx, accepted.data)
  }
  const routed = MailRouted.parse(notice)
  if (await isHeld(ctx)) return setAsideAt(ctx, inboundDeliveryKey(routed.mailId, routed.recipient))
  const { kind } = mailboxOf(ctx.settings, routed.recipient)
  if (kind === 'reports') await processReportMail(ctx, routed)
  else if (kind === 'lists') await processListMail(ctx, routed)
  else await processOrganizerMail(ctx, routed)
}
