import { MailRouted } from '#shared/contracts/notices.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'
import { processReplyMail } from '../reply/process-reply-mail.ts'

export const reply: PipelineHandler = async (ctx, body) => {
  await processReplyMail(ctx, MailRouted.parse(JSON.parse(body)))
}
