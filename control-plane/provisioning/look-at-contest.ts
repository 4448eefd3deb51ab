import type { AuditEntry } from '#control-plane/core/audit/audit.ts'
import { commit } from '#control-plane/core/commit.ts'
import { planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import {
  findProof,
  type ProofRow,
  proofsOf,
  proofWrite,
  withSightings,
} from '#control-plane/core/domain/claim-proof.ts'
import { releaseClaim } from '#control-plane/core/domain/claim-registry.ts'
import { type ContestNews, contestMails } from '#control-plane/core/domain/contest-mails.ts'
import { type ContestRow, contestWrite, findContest } from '#control-plane/core/domain/contest-row.ts'
import {
  type ClaimProof,
  CONTEST_MILLISECONDS,
  type ContestStep,
  decideContest,
} from '#control-plane/core/domain/decide-claim.ts'
import { findClaim } from '#control-plane/core/domain/domain-claim.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { observeClaim } from '#control-plane/dns/observe-claim.ts'
import { observeDelegation } from '#control-plane/dns/observe-delegation.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { LookingCtx } from './prove-claim.ts'

const HOUR = 3600_000
/** Often enough that one look which fails does not make a proof of a day stale. */
const LOOK_MILLISECONDS = 6 * HOUR
/** So long a name that was won waits for the winner: the loser would claim it back at once. */
const RESERVED_MILLISECONDS = 14 * 24 * HOUR

type Look = {
  /** The last sighting of the token at the name, now or before. */
  readonly proof: ClaimProof | undefined
  readonly isSeenNow: boolean
  readonly operations: readonly WriteOperation[]
}

const unseen: Look = { proof: undefined, isSeenNow: false, operations: [] }

/**
 * The look at an open contest: who shows what in DNS, and the next step by it, all in one transaction. Safe to run twice, late and beside
 * its twin: each step is written over the contest that it was decided from. What the loser's tenant does then is `lookAtDomain`'s.
 */
export async function lookAtContest(whole: LookingCtx, { domainName }: { readonly domainName: string }): Promise<void> {
  const ctx: LookingCtx = { ...whole, actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }
  const contest = await findContest(ctx, domainName)
  if (contest?.state !== 'open') return
  try {
    await goOn(ctx, contest)
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    // Another look was quicker; the mark that is left tells us again.
    ctx.log.info({ at: 'look_at_contest.overtaken' })
  }
}

async function goOn(ctx: LookingCtx, contest: ContestRow): Promise<void> {
  const claim = await findClaim(ctx, contest.domainName)
  if (claim?.tenantId !== contest.owner.tenantId) return end(ctx, contest, 'moot', [])
  const [challenger, owner] = await Promise.all([lookAtChallenger(ctx, contest), lookAtOwner(ctx, contest)])
  const now = ctx.clock.now()
  const decided = decideContest({
    contest,
    now,
    ...(owner.proof === undefined ? {} : { ownerProof: owner.proof }),
    ...(challenger.proof === undefined ? {} : { challengerProof: challenger.proof }),
  })
  const seen = [...challenger.operations, ...owner.operations]
  await act(ctx, contest, decided === 'unbind' && !challenger.isSeenNow ? 'wait' : decided, seen)
}

async function act(
  ctx: LookingCtx,
  contest: ContestRow,
  step: ContestStep,
  seen: readonly WriteOperation[],
): Promise<void> {
  switch (step) {
    case 'warn':
      return warn(ctx, contest, seen)
    case 'wait': {
      const after = { ...contest, version: contest.version + 1 }
      return commit(ctx, { operations: [contestWrite(ctx, contest, after, nextLook(ctx, after)), ...seen], audit: [] })
    }
    case 'owner_keeps':
      return end(ctx, contest, 'kept', seen)
    case 'drop':
      return end(ctx, contest, 'dropped', seen)
    case 'unbind':
      return unbind(ctx, contest, seen)
  }
}

function nextLook({ clock }: LookingCtx, { unbindAt }: ContestRow): number {
  const usual = clock.now() + LOOK_MILLISECONDS
  return unbindAt > clock.now() ? Math.min(unbindAt, usual) : usual
}

async function lookAtChallenger(ctx: LookingCtx, { domainName, challenger }: ContestRow): Promise<Look> {
  const row = await findProof(ctx, challenger.licenseeId, domainName)
  if (row === undefined) return unseen
  return lookOf(ctx, row, (await observeClaim(ctx.dns, row)) === 'seen')
}

/** By his token, or, where we hold the zone, by the parent's delegation to it: no TXT of his can be seen in there. */
async function lookAtOwner(ctx: LookingCtx, contest: ContestRow): Promise<Look> {
  const row = await findProof(ctx, contest.owner.licenseeId, contest.domainName)
  // Only who has asked for a token since is taken by his word that the name is still his.
  if (row === undefined || row.issuedAt < contest.openedAt) return unseen
  const isShown = (await observeClaim(ctx.dns, row)) === 'seen' || (await isDelegatedToHim(ctx, contest))
  return lookOf(ctx, row, isShown)
}

async function isDelegatedToHim(ctx: LookingCtx, { owner, domainName }: ContestRow): Promise<boolean> {
  const [{ dnsMode }, domain] = await Promise.all([getTenant(ctx, owner.tenantId), findDomain(ctx, owner.tenantId)])
  if (dnsMode !== 'delegated' || domain === undefined || domain.nameServers.length === 0) return false
  const { isDelegated } = await observeDelegation(ctx.dns, { domainName, expectedNameServers: domain.nameServers })
  return isDelegated
}

function lookOf(ctx: LookingCtx, before: ProofRow, isSeenNow: boolean): Look {
  const { domainName } = before
  const row = isSeenNow ? withSightings(before, [domainName], ctx.clock.now()) : before
  return {
    proof: proofsOf(row).find((one) => one.domainName === domainName),
    isSeenNow,
    operations: isSeenNow ? [proofWrite(before, row)] : [],
  }
}

async function warn(ctx: LookingCtx, contest: ContestRow, seen: readonly WriteOperation[]): Promise<void> {
  const now = ctx.clock.now()
  const unbindAt = Math.max(contest.unbindAt, now + CONTEST_MILLISECONDS)
  const after: ContestRow = { ...contest, warnedAt: now, unbindAt, version: contest.version + 1 }
  const mails = await planControlMails(ctx, await contestMails(ctx, after, 'warned'))
  await commit(ctx, {
    operations: [contestWrite(ctx, contest, after, nextLook(ctx, after)), ...seen, ...mails.operations],
    audit: entriesOf(contest, 'warned'),
    notices: mails.notices,
  })
}

async function end(
  ctx: LookingCtx,
  contest: ContestRow,
  state: Exclude<ContestRow['state'], 'open'>,
  more: readonly WriteOperation[],
): Promise<void> {
  const after: ContestRow = { ...contest, state, endedAt: ctx.clock.now(), version: contest.version + 1 }
  const mails = await planControlMails(ctx, await contestMails(ctx, after, state))
  const { tenantId } = contest.owner
  ctx.log.info({ at: 'look_at_contest.ended', state, tenantId })
  await commit(ctx, {
    operations: [contestWrite(ctx, contest, after), ...more, ...mails.operations],
    audit: entriesOf(contest, state),
    notices: [
      ...mails.notices,
      // The tenant's own look finds that the name is not its any more.
      ...(state === 'won' ? [{ queueName: 'domain-due', body: { tenantId } } as const] : []),
    ],
  })
}

async function unbind(ctx: LookingCtx, contest: ContestRow, seen: readonly WriteOperation[]): Promise<void> {
  const { domainName, owner, challenger } = contest
  const released = await releaseClaim(ctx, {
    domainName,
    tenantId: owner.tenantId,
    reserved: { licenseeId: challenger.licenseeId, until: ctx.clock.now() + RESERVED_MILLISECONDS },
  })
  // Given back since it was read: the next look finds that.
  if (released.length > 0) await end(ctx, contest, 'won', [...released, ...seen])
}

/** One in each party's log. */
function entriesOf({ domainName, owner, challenger }: ContestRow, news: ContestNews): readonly AuditEntry[] {
  const said = { action: `contest.${news}`, target: { kind: 'domain', id: domainName } } as const
  return [
    { ...said, licenseeId: owner.licenseeId, tenantId: owner.tenantId },
    { ...said, licenseeId: challenger.licenseeId },
  ]
}
