import { EventCreated } from '#shared/contracts/notices.ts'
import { sendCreatedNotice } from '../notice/created-notice.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const createdNotice: PipelineHandler = async (ctx, body) =>
  sendCreatedNotice(ctx, EventCreated.parse(JSON.parse(body)))
