import {
  ChunkDue,
  ConfirmationNeeded,
  CreateFailed,
  EventCreated,
  EventRevised,
  MailReceived,
  MailRouted,
} from '#shared/contracts/notices.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { PipelineName } from '#tenant-stack/manifest.ts'
import { processOrganizerMail } from './disassemble/process-organizer-mail.ts'
import { fanOut } from './fan-out/fan-out.ts'
import { receiveMail } from './inlet/receive-mail.ts'
import { sendCreatedNotice } from './notice/created-notice.ts'
import { sendConfirmationLink, sendFailedNotice } from './notice/failed-notice.ts'
import { processReplyMail } from './reply/process-reply-mail.ts'
import { sendChunk } from './send/send-chunk.ts'

/** One pipeline's function: takes a notice's body; throws to be given it again. */
export type PipelineHandler = (ctx: Ctx, body: string) => Promise<void>

/** Every pipeline of the manifest and what it runs; both runtimes call these and nothing else. */
export const pipelineHandlers: { readonly [K in PipelineName]: PipelineHandler } = {
  inlet: async (ctx, body) => receiveMail(ctx, MailReceived.parse(JSON.parse(body))),
  disassemble: async (ctx, body) => {
    await processOrganizerMail(ctx, MailRouted.parse(JSON.parse(body)))
  },
  'failed-notice': async (ctx, body) => {
    const notice: unknown = JSON.parse(body)
    const failed = CreateFailed.safeParse(notice)
    if (failed.success) await sendFailedNotice(ctx, failed.data)
    else await sendConfirmationLink(ctx, ConfirmationNeeded.parse(notice))
  },
  'created-notice': async (ctx, body) => sendCreatedNotice(ctx, EventCreated.parse(JSON.parse(body))),
  'send-one': async (ctx, body) => {
    await sendChunk(ctx, ChunkDue.parse(JSON.parse(body)))
  },
  'send-chunk': async (ctx, body) => {
    await sendChunk(ctx, ChunkDue.parse(JSON.parse(body)))
  },
  reply: async (ctx, body) => {
    await processReplyMail(ctx, MailRouted.parse(JSON.parse(body)))
  },
  cancel: async (ctx, body) => {
    await fanOut(ctx, EventRevised.parse(JSON.parse(body)), 'event-cancelled')
  },
  update: async (ctx, body) => {
    await fanOut(ctx, EventRevised.parse(JSON.parse(body)), 'event-updated')
  },
}
