const DAY = 24 * 3600_000
/** A proof is a token seen in DNS; one seen longer ago may be of an owner who has left. */
const PROOF_FRESH_MILLISECONDS = DAY
/** A token that was handed out longer ago may lie in old mails. */
export const TOKEN_VALID_MILLISECONDS = 30 * DAY
/** How long a warned owner has to show that the name is still his. */
export const CONTEST_MILLISECONDS = 7 * DAY

/** True when `name` lies below `parent`, by whole labels: `notexample.com` does not lie below `example.com`. Both A-labels, lower case. */
export function isBelow(name: string, parent: string): boolean {
  return parent === '' ? name !== '' : name.endsWith(`.${parent}`)
}

export type DomainClaim = {
  readonly domainName: string
  readonly tenantId: string
  readonly licenseeId: string
  readonly claimedAt: number
}

/** The asker's own claim token was seen at a name: in TXT, or as a delegation to name servers made for him alone. Epoch milliseconds. */
export type ClaimProof = { readonly domainName: string; readonly tokenIssuedAt: number; readonly seenAt: number }

export type ClaimDecision =
  | { readonly kind: 'claim' }
  /** The asker's tenant has the name: asked twice. */
  | { readonly kind: 'yours' }
  /** Another tenant of the same licensee has the name. */
  | { readonly kind: 'yours_elsewhere'; readonly tenantId: string }
  /** Refused until the asker's token is seen at each of these names. */
  | {
      readonly kind: 'needs_proof'
      readonly because: 'name_claimed' | 'parent_claimed' | 'child_claimed'
      readonly at: readonly string[]
    }
  /** The name is another's, and the asker has proven it: the other is warned, and loses it at `unbindAt` unless he proves it anew. */
  | { readonly kind: 'contest'; readonly against: DomainClaim; readonly unbindAt: number }

/**
 * Who may have a name. `existingClaims` are those of the name, of its parents and of its children. A verified parent lets its children
 * send (SES), so a second licensee has to prove both the longer and the shorter name.
 */
export function decideClaim(input: {
  readonly domainName: string
  readonly asker: { readonly licenseeId: string; readonly tenantId: string }
  readonly existingClaims: readonly DomainClaim[]
  readonly proofs: readonly ClaimProof[]
  readonly now: number
}): ClaimDecision {
  const { domainName, asker, existingClaims, now } = input
  const proven = new Set(input.proofs.filter((proof) => isFresh(proof, now)).map((proof) => proof.domainName))
  const holder = existingClaims.find((claim) => claim.domainName === domainName)
  if (holder?.tenantId === asker.tenantId) return { kind: 'yours' }
  if (holder?.licenseeId === asker.licenseeId) return { kind: 'yours_elsewhere', tenantId: holder.tenantId }
  const strangers = existingClaims.filter((claim) => claim.licenseeId !== asker.licenseeId)
  const parents = strangers.filter((claim) => isBelow(domainName, claim.domainName))
  const children = strangers.filter((claim) => isBelow(claim.domainName, domainName))
  const relatives = [...parents, ...children].map((claim) => claim.domainName)
  const needed = holder === undefined && relatives.length === 0 ? [] : [domainName, ...relatives]
  const at = [...new Set(needed)].filter((name) => !proven.has(name))
  if (at.length > 0) {
    const because = holder ? 'name_claimed' : parents.length > 0 ? 'parent_claimed' : 'child_claimed'
    return { kind: 'needs_proof', because, at }
  }
  if (holder === undefined) return { kind: 'claim' }
  return { kind: 'contest', against: holder, unbindAt: now + CONTEST_MILLISECONDS }
}

/** Whether a proof proves anything now. */
export function isFresh(proof: ClaimProof, now: number): boolean {
  const isYoung = now - proof.tokenIssuedAt <= TOKEN_VALID_MILLISECONDS
  return isYoung && proof.seenAt >= proof.tokenIssuedAt && now - proof.seenAt <= PROOF_FRESH_MILLISECONDS
}

export type Contest = {
  readonly openedAt: number
  readonly unbindAt: number
  /** When the owner was told; absent: not yet. */
  readonly warnedAt?: number
}

export type ContestStep = 'warn' | 'wait' | 'owner_keeps' | 'drop' | 'unbind'

/**
 * The next step of an open contest. The owner keeps the name by a proof made after it was opened; without the challenger's fresh proof
 * it is dropped; nobody is unbound who was not told a whole period before.
 */
export function decideContest(input: {
  readonly contest: Contest
  readonly ownerProof?: ClaimProof
  readonly challengerProof?: ClaimProof
  readonly now: number
}): ContestStep {
  const { contest, ownerProof, challengerProof, now } = input
  const isOwnerProven = ownerProof !== undefined && ownerProof.tokenIssuedAt >= contest.openedAt
  if (isOwnerProven && isFresh(ownerProof, now)) return 'owner_keeps'
  if (challengerProof === undefined || !isFresh(challengerProof, now)) return 'drop'
  if (contest.warnedAt === undefined) return 'warn'
  return now >= Math.max(contest.unbindAt, contest.warnedAt + CONTEST_MILLISECONDS) ? 'unbind' : 'wait'
}
