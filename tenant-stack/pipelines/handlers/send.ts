import { ChunkDue } from '#shared/contracts/notices.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'
import { sendChunk } from '../send/send-chunk.ts'

/** Of single sends and of chunks alike: a single send is a chunk of one. */
export const send: PipelineHandler = async (ctx, body) => {
  await sendChunk(ctx, ChunkDue.parse(JSON.parse(body)))
}
