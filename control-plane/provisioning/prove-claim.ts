import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { tokenNotBefore } from '#control-plane/core/domain/claim-ask.ts'
import {
  ClaimFailure,
  findProof,
  type ProofRow,
  proofWrite,
  withSightings,
} from '#control-plane/core/domain/claim-proof.ts'
import { readClaimRegistry } from '#control-plane/core/domain/claim-registry.ts'
import { type ClaimStanding, standingOf } from '#control-plane/core/domain/claim-standing.ts'
import { findContest } from '#control-plane/core/domain/contest-row.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { observeClaim } from '#control-plane/dns/observe-claim.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { limitRate, type RateLimit } from '#shared/rates/limit-rate.ts'
import type { ProvisioningCtx } from './context.ts'

/** What looking for tokens takes besides rows. */
export type LookingCtx = Ctx & Pick<ProvisioningCtx, 'dns'>

/** Looks of one call, three questions each; who needs more asks again, and what was seen stays seen for a day. */
const NAMES_AT_ONCE = 20
const TRIES_MAX = 3
/** Whoever waits for a resolver's cache asks now and then; each call asks three resolvers for up to 40 names. */
const LOOKS: RateLimit = { name: 'claim-look', max: 30, windowSeconds: 3600 }

export type Proven = { readonly proof: ProofRow; readonly standing: ClaimStanding }

/**
 * Looks where a licensee's token has to be and remembers where it is. Throws `claim.not_asked`, `claim.token_expired`,
 * `claim.changed_meanwhile`, `licensee.not_found`, `rate.too_many`.
 */
export async function proveClaim(
  ctx: LookingCtx,
  input: { readonly licenseeId: string; readonly domainName: string },
): Promise<Proven> {
  const { licenseeId } = await getLicensee(ctx, input.licenseeId)
  await limitRate(ctx, LOOKS, `${licenseeId} ${input.domainName}`)
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    try {
      return await proveOnce(ctx, licenseeId, input.domainName)
    } catch (error) {
      // A twin has written what he saw.
      if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    }
  }
  throw ClaimFailure.changed_meanwhile('This is being looked at already: ask again.')
}

async function proveOnce(ctx: LookingCtx, licenseeId: string, domainName: string): Promise<Proven> {
  const [before, contest] = await Promise.all([findProof(ctx, licenseeId, domainName), findContest(ctx, domainName)])
  if (before === undefined) throw ClaimFailure.not_asked('No proof of this name was asked for: ask first.')
  const now = ctx.clock.now()
  if (now >= before.endsAt || before.issuedAt < tokenNotBefore(contest, licenseeId))
    throw ClaimFailure.token_expired('This token proves nothing any more: ask for a new one.')
  const registry = await readClaimRegistry(ctx, before.registrableName)
  const first = await look(ctx, before, standingOf({ proof: before, registry, now }))
  // Once the name itself is proven, those below it are told, and looked at in the same go.
  const proof = await look(ctx, first, standingOf({ proof: first, registry, now }))
  if (proof !== before)
    await remember(ctx, before, { ...proof, version: before.version + 1 }, contest?.state === 'open')
  return { proof, standing: standingOf({ proof, registry, now }) }
}

async function look(ctx: LookingCtx, proof: ProofRow, { names }: ClaimStanding): Promise<ProofRow> {
  const now = ctx.clock.now()
  const wanted = names
    .filter(({ seenAt }) => seenAt !== now)
    .toSorted((a, b) => (a.seenAt ?? 0) - (b.seenAt ?? 0))
    .slice(0, NAMES_AT_ONCE)
  const looks = await Promise.all(
    wanted.map(async ({ domainName }) => ({
      domainName,
      look: await observeClaim(ctx.dns, { domainName, token: proof.token }),
    })),
  )
  const seen = looks.filter(({ look: one }) => one === 'seen').map(({ domainName }) => domainName)
  return seen.length === 0 ? proof : withSightings(proof, seen, now)
}

async function remember(ctx: LookingCtx, before: ProofRow, after: ProofRow, isContested: boolean): Promise<void> {
  const { domainName, licenseeId } = after
  await commit(ctx, {
    operations: [proofWrite(before, after)],
    audit: {
      action: 'claim.proof_seen',
      target: { kind: 'domain', id: domainName },
      licenseeId,
      before: before.seen,
      after: after.seen,
    },
    notices: isContested ? [{ queueName: 'contest-due', body: { domainName } }] : [],
  })
}
