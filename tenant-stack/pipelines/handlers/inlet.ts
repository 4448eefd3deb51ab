import { receiveNotice } from '../inlet/receive-notice.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const inlet: PipelineHandler = async (ctx, body) => receiveNotice(ctx, JSON.parse(body))
