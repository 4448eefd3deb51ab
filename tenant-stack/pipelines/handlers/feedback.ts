import { SesSendEvent } from '#shared/contracts/ses-send-event.ts'
import { isSetupText } from '#shared/contracts/ses-setup.ts'
import { recordSendEvent } from '#tenant-stack/core/send-ledger/send-fate.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const feedback: PipelineHandler = async (ctx, body) => {
  // Every new stack gets one: as a dead letter it would keep the alarm red and hide what is really lost.
  if (isSetupText(body)) return ctx.log.info({ at: 'feedback.setup_notice' })
  await recordSendEvent(ctx, SesSendEvent.parse(JSON.parse(body)))
}
