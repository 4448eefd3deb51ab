import { recordSendEvent } from '#shared/runtime/send-fate.ts'
import { LEDGER_ROW_SECONDS } from '#tenant-stack/core/send-ledger/ledger.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const feedback: PipelineHandler = (ctx, body) => recordSendEvent(ctx, body, { keptSeconds: LEDGER_ROW_SECONDS })
