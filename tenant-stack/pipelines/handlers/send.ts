import { ChunkDue } from '#shared/contracts/notices.ts'
import { declinedProposalId } from '#tenant-stack/core/send-ledger/chunk.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'
import { sendChunk } from '../send/send-chunk.ts'
import { sendDecline } from '../send/send-decline.ts'

/** Of single sends and of chunks alike: a single send is a chunk of one. What a proposal is declined with is a single mail too. */
export const send: PipelineHandler = async (ctx, body) => {
  const { chunkId } = ChunkDue.parse(JSON.parse(body))
  const proposalId = declinedProposalId(chunkId)
  if (proposalId === undefined) await sendChunk(ctx, { chunkId })
  else await sendDecline(ctx, { ledgerId: chunkId, proposalId })
}
