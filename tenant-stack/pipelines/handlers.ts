import type { PipelineName } from '#tenant-stack/manifest.ts'
import { createdNotice } from './handlers/created-notice.ts'
import { disassemble } from './handlers/disassemble.ts'
import { failedNotice } from './handlers/failed-notice.ts'
import { cancel, update } from './handlers/fan-out.ts'
import { feedback } from './handlers/feedback.ts'
import { inlet } from './handlers/inlet.ts'
import { list } from './handlers/list.ts'
import { reply } from './handlers/reply.ts'
import { report } from './handlers/report.ts'
import { send } from './handlers/send.ts'
import { webhook } from './handlers/webhook.ts'
import type { PipelineHandler } from './pipeline-handler.ts'

/** Every pipeline of the manifest and what it runs; both runtimes call these and nothing else. A Lambda entry imports its own alone. */
export const pipelineHandlers: { readonly [K in PipelineName]: PipelineHandler } = {
  inlet,
  disassemble,
  'failed-notice': failedNotice,
  'created-notice': createdNotice,
  report,
  'send-one': send,
  'send-chunk': send,
  reply,
  cancel,
  update,
  list,
  webhook,
  feedback,
}
