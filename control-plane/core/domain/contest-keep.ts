import type { Ctx } from '../context.ts'
import { askProof } from './claim-ask.ts'
import type { ProofRow } from './claim-proof.ts'
import { ContestFailure, findContest } from './contest-row.ts'

/**
 * Gives the holder of a contested name the token that he keeps it by: one that was made since the contest was opened. Throws
 * `contest.not_found`, for a name of another too.
 */
export async function keepContest(
  ctx: Ctx,
  { licenseeId, domainName }: { readonly licenseeId: string; readonly domainName: string },
): Promise<ProofRow> {
  const contest = await findContest(ctx, domainName)
  if (contest?.state !== 'open' || contest.owner.licenseeId !== licenseeId)
    throw ContestFailure.not_found('Nobody contests a name of yours that is so called.')
  return askProof(ctx, { licenseeId, domainName, registrableName: contest.registrableName })
}
