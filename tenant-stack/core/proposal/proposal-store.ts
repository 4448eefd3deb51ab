import type { Ctx } from '../context.ts'
import { Proposal, ProposalFailure, proposalKey } from './proposal.ts'

export async function findProposal(ctx: Ctx, proposalId: string): Promise<Proposal | undefined> {
  const key = proposalKey(proposalId)
  const row = key === undefined ? undefined : await ctx.table.get(key)
  return row === undefined ? undefined : Proposal.parse(row)
}

/** Also said of what is somebody else's. */
export const NO_SUCH_PROPOSAL = 'There is no such proposal.'

/** Throws `proposal.not_found`. */
export async function getProposal(ctx: Ctx, proposalId: string): Promise<Proposal> {
  const found = await findProposal(ctx, proposalId)
  if (found === undefined) throw ProposalFailure.not_found(NO_SUCH_PROPOSAL)
  return found
}

/** One page of an event's proposals, oldest first. */
export async function listProposals(
  ctx: Ctx,
  query: { readonly eventId: string; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly proposals: readonly Proposal[]; readonly cursor?: string }> {
  const page = await ctx.table.query({
    pk: `event#${query.eventId}`,
    sk: { beginsWith: 'prop#' },
    limit: query.limit,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  })
  return {
    proposals: page.items.map((item) => Proposal.parse(item)),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  }
}
