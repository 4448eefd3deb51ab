import { SesSendEvent } from '#shared/contracts/ses-send-event.ts'
import { recordSendEvent } from '#tenant-stack/core/send-ledger/send-fate.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const feedback: PipelineHandler = async (ctx, body) => recordSendEvent(ctx, SesSendEvent.parse(JSON.parse(body)))
