import { MailRouted } from '#shared/contracts/notices.ts'
import { inboundDeliveryKey } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { setAsideAt } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { processOrganizerMail } from '../disassemble/process-organizer-mail.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const disassemble: PipelineHandler = async (ctx, body) => {
  const routed = MailRouted.parse(JSON.parse(body))
  if (await isHeld(ctx)) return setAsideAt(ctx, inboundDeliveryKey(routed.mailId, routed.recipient))
  await processOrganizerMail(ctx, routed)
}
