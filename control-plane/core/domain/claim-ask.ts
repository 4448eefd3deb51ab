import { isFailure } from '#shared/errors/failure.ts'
import { limitRate, type RateLimit } from '#shared/rates/limit-rate.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import { ClaimFailure, findProof, type ProofRow, proofWrite } from './claim-proof.ts'
import { type ContestRow, findContest } from './contest-row.ts'
import { TOKEN_VALID_MILLISECONDS } from './decide-claim.ts'

/** A token that ends sooner is replaced: a contest takes more than a week, and DNS of some licensees is changed once a week. */
const ENOUGH_MILLISECONDS = 14 * 24 * 3600_000
/** Each name that is asked for is a row; nobody has so many to prove in an hour. */
const ASKS: RateLimit = { name: 'claim-ask', max: 60, windowSeconds: 3600 }

/**
 * Gives a licensee the token by which he proves a name: the one he was given, while it serves, else a new one, valid 30 days. Throws
 * `licensee.not_found`, `rate.too_many`.
 */
export async function askProof(
  ctx: Ctx,
  input: { readonly licenseeId: string; readonly domainName: string; readonly registrableName: string },
): Promise<ProofRow> {
  const { licenseeId } = await getLicensee(ctx, input.licenseeId)
  const { domainName, registrableName } = input
  await limitRate(ctx, ASKS, licenseeId)
  const now = ctx.clock.now()
  const [before, contest] = await Promise.all([findProof(ctx, licenseeId, domainName), findContest(ctx, domainName)])
  if (before !== undefined && serves(before, contest, now)) return before
  const after: ProofRow = {
    licenseeId,
    domainName,
    registrableName,
    token: ctx.ids.newToken(),
    issuedAt: now,
    endsAt: now + TOKEN_VALID_MILLISECONDS,
    seen: [],
    version: (before?.version ?? 0) + 1,
  }
  try {
    await commit(ctx, {
      operations: [proofWrite(before, after)],
      audit: { action: 'claim.proof_asked', target: { kind: 'domain', id: domainName }, licenseeId },
    })
    return after
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    // A twin has asked: both are told the same token.
    const twins = await findProof(ctx, licenseeId, domainName)
    if (twins !== undefined && serves(twins, contest, now)) return twins
    throw ClaimFailure.changed_meanwhile('This was asked for twice at once: ask again.')
  }
}

function serves(row: ProofRow, contest: ContestRow | undefined, now: number): boolean {
  return row.endsAt - now >= ENOUGH_MILLISECONDS && row.issuedAt >= tokenNotBefore(contest, row.licenseeId)
}

/** In a contest a holder proves a name anew, and what was shown in one that is over proves nothing in the next. */
export function tokenNotBefore(contest: ContestRow | undefined, licenseeId: string): number {
  if (contest === undefined) return 0
  const isHolder = contest.owner.licenseeId === licenseeId
  if (contest.state === 'open') return isHolder ? contest.openedAt : 0
  // Whoever won may go on and claim with what he won by.
  if (contest.state === 'won' && !isHolder) return 0
  return isHolder || contest.challenger.licenseeId === licenseeId ? (contest.endedAt ?? 0) : 0
}
