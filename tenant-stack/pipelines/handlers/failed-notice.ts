import { ConfirmationNeeded, CreateFailed } from '#shared/contracts/notices.ts'
import { sendConfirmationLink, sendFailedNotice } from '../notice/failed-notice.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

/** Two topics, one queue: the body tells which. */
export const failedNotice: PipelineHandler = async (ctx, body) => {
  const notice: unknown = JSON.parse(body)
  const failed = CreateFailed.safeParse(notice)
  if (failed.success) await sendFailedNotice(ctx, failed.data)
  else await sendConfirmationLink(ctx, ConfirmationNeeded.parse(notice))
}
