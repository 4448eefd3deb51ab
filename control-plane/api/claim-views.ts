import type * as z from 'zod'
import type { ProofRow } from '#control-plane/core/domain/claim-proof.ts'
import type { ClaimStanding } from '#control-plane/core/domain/claim-standing.ts'
import type { ContestRow } from '#control-plane/core/domain/contest-row.ts'
import { CLAIM_PREFIX, claimRecordName } from '#control-plane/dns/expected-records.ts'
import type { ClaimProofView, ContestView } from '#shared/contracts/control-claims.ts'
import { isoOf } from './views.ts'

/** Where the record goes, and where it was seen within the last day. */
export function claimView(proof: ProofRow, standing: ClaimStanding): z.infer<typeof ClaimProofView> {
  return {
    domain_name: proof.domainName,
    record: { type: 'TXT', value: CLAIM_PREFIX + proof.token },
    names: standing.names.map(({ domainName, seenAt }) => ({
      domain_name: domainName,
      record_name: claimRecordName(domainName),
      ...(seenAt === undefined ? {} : { seen_at: isoOf(seenAt) }),
    })),
    issued_at: isoOf(proof.issuedAt),
    ends_at: isoOf(proof.endsAt),
    decision: standing.decision.kind,
  }
}

/** `isVendor`: neither side learns who the other is. */
export function contestView(contest: ContestRow, isVendor: boolean): z.infer<typeof ContestView> {
  const { warnedAt, endedAt } = contest
  return {
    domain_name: contest.domainName,
    state: contest.state,
    opened_at: isoOf(contest.openedAt),
    unbind_at: isoOf(contest.unbindAt),
    ...(warnedAt === undefined ? {} : { warned_at: isoOf(warnedAt) }),
    ...(endedAt === undefined ? {} : { ended_at: isoOf(endedAt) }),
    ...(isVendor ? { owner_id: contest.owner.licenseeId, challenger_id: contest.challenger.licenseeId } : {}),
  }
}
