import { recordSendEvent } from '#shared/runtime/send-fate.ts'
import { LEDGER_ROW_SECONDS } from '#tenant-stack/core/send-ledger/ledger.ts'
import { takeFeedback } from '../feedback/take-feedback.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

/** The attempt's fate first: the ledger waits for it. */
export const feedback: PipelineHandler = async (ctx, body) => {
  const sendEvent = await recordSendEvent(ctx, body, { keptSeconds: LEDGER_ROW_SECONDS })
  if (sendEvent !== undefined) await takeFeedback(ctx, sendEvent)
}
