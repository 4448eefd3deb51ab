import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import type { ProofRow } from './claim-proof.ts'
import { type ContestRow, contestPointerWrite, contestWrite, findContest } from './contest-row.ts'
import type { DomainClaim as HeldName } from './decide-claim.ts'
import { domainClaimKey } from './domain-claim.ts'

export type OpenedContest =
  | { readonly kind: 'open'; readonly contest: ContestRow }
  /** Somebody else contests the name: one after the other. */
  | { readonly kind: 'taken_up' }

/**
 * Opens a contest of a name that another holds and this licensee has proven; asked twice it is the same contest. Fails with
 * `table.condition_failed` when the name has changed hands meanwhile.
 */
export async function openContest(
  ctx: Ctx,
  input: { readonly proof: ProofRow; readonly against: HeldName; readonly unbindAt: number },
): Promise<OpenedContest> {
  const { proof, against, unbindAt } = input
  const { domainName, registrableName, licenseeId } = proof
  const before = await findContest(ctx, domainName)
  if (before?.state === 'open')
    return before.challenger.licenseeId === licenseeId ? { kind: 'open', contest: before } : { kind: 'taken_up' }
  const now = ctx.clock.now()
  const contest: ContestRow = {
    domainName,
    registrableName,
    owner: { licenseeId: against.licenseeId, tenantId: against.tenantId },
    challenger: { licenseeId },
    state: 'open',
    openedAt: now,
    unbindAt,
    version: (before?.version ?? 0) + 1,
  }
  await commit(ctx, {
    operations: [
      contestWrite(ctx, before, contest, now),
      contestPointerWrite(contest),
      {
        kind: 'check',
        key: domainClaimKey(domainName),
        when: { attribute: 'tenantId', is: '=', value: against.tenantId },
      },
    ],
    // In the challenger's log alone: who he is, and where he sits, is no business of the holder.
    audit: { action: 'contest.opened', target: { kind: 'domain', id: domainName }, licenseeId },
    notices: [{ queueName: 'contest-due', body: { domainName } }],
  })
  return { kind: 'open', contest }
}
