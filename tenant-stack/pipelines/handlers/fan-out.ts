import { EventRevised } from '#shared/contracts/notices.ts'
import { fanOut } from '../fan-out/fan-out.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const cancel: PipelineHandler = async (ctx, body) => {
  await fanOut(ctx, EventRevised.parse(JSON.parse(body)), 'event-cancelled')
}

export const update: PipelineHandler = async (ctx, body) => {
  await fanOut(ctx, EventRevised.parse(JSON.parse(body)), 'event-updated')
}
