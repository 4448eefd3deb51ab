import type { Ctx } from '../context.ts'
import { type ProofRow, proofsOf } from './claim-proof.ts'
import { type ClaimRegistry, claimsBefore, isReservation, readClaimRegistry } from './claim-registry.ts'
import { type ClaimDecision, decideClaim, isBelow, isFresh } from './decide-claim.ts'

/** Where a licensee stands with a name. */
export type ClaimStanding = {
  readonly decision: ClaimDecision
  /** Names at which his token has to be seen; those below the name are told to whoever has proven the name itself. */
  readonly names: readonly { readonly domainName: string; readonly seenAt?: number }[]
}

/** Whether a licensee may have a name by the registry and his proofs, as `decideClaim` says. */
export function decideByRegistry(input: {
  readonly domainName: string
  readonly asker: { readonly licenseeId: string; readonly tenantId: string }
  readonly registry: ClaimRegistry
  readonly proof: ProofRow | undefined
  readonly now: number
}): ClaimDecision {
  const { domainName, asker, registry, proof, now } = input
  const existingClaims = claimsBefore(registry, asker.licenseeId, now)
  const decision = decideClaim({ domainName, asker, existingClaims, proofs: proofsOf(proof), now })
  // Nobody is there to be warned; whoever has proven the name since need not wait for who won it.
  return decision.kind === 'contest' && isReservation(decision.against) ? { kind: 'claim' } : decision
}

/** Where a licensee stands with a name that he was given a token for, by what was seen so far. */
export async function readStanding(ctx: Ctx, proof: ProofRow): Promise<ClaimStanding> {
  const registry = await readClaimRegistry(ctx, proof.registrableName)
  return standingOf({ proof, registry, now: ctx.clock.now() })
}

/** The decision and what is left to be shown; no word of who holds what. */
export function standingOf(input: {
  readonly proof: ProofRow
  readonly registry: ClaimRegistry
  readonly now: number
}): ClaimStanding {
  const { proof, registry, now } = input
  const { domainName, licenseeId } = proof
  const asked = { domainName, asker: { licenseeId, tenantId: '' }, registry, now }
  const bare = decideByRegistry({ ...asked, proof: undefined })
  const needed = bare.kind === 'needs_proof' ? bare.at : [domainName]
  const fresh = new Map(
    proofsOf(proof)
      .filter((one) => isFresh(one, now))
      .map((one) => [one.domainName, one.seenAt]),
  )
  // A list of the names below a stranger's would tell whom we serve there.
  const told = needed.filter((name) => !isBelow(name, domainName) || fresh.has(domainName))
  return {
    decision: decideByRegistry({ ...asked, proof }),
    names: told.map((name) => {
      const seenAt = fresh.get(name)
      return { domainName: name, ...(seenAt === undefined ? {} : { seenAt }) }
    }),
  }
}
