import { MailRouted } from '#shared/contracts/notices.ts'
import { processOrganizerMail } from '../disassemble/process-organizer-mail.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const disassemble: PipelineHandler = async (ctx, body) => {
  await processOrganizerMail(ctx, MailRouted.parse(JSON.parse(body)))
}
