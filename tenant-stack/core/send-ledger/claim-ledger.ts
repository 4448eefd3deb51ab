import { isFailure } from '#shared/errors/failure.ts'
import type { Condition, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { setAsideAt } from '../licence-standing/held-rows.ts'
import { isHeld } from '../licence-standing/held-work.ts'
import { isSendingStopped } from '../sending-stop/sending-stop.ts'
import { finishedRemoves, sortableTime } from '../unfinished.ts'
import { isForAttendees } from './chunk.ts'
import { isFinished, Ledger, type LedgerEntry, LedgerFailure, ledgerKey, readEntries } from './ledger.ts'

/** The right to send what a ledger names, until the lease ends. */
export type Claim = {
  readonly ledgerId: string
  readonly fence: string
  readonly attempt: number
  readonly leaseUntil: number
  /** When the attempt before this one began, epoch milliseconds; 0 for the first. */
  readonly previousStartedAt: number
  readonly entries: ReadonlyMap<number, LedgerEntry>
  /** SEQUENCE by attempt, this one included; empty for notices. */
  readonly sequences: ReadonlyMap<number, number>
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** Somebody works on it, an unknown attempt is not old enough, or the licence lets no mail leave. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'finished' }
  /** One of the caller's own checks did not hold. */
  | { readonly kind: 'refused' }

/**
 * Takes the ledger for this worker in one transaction with the caller's checks (event current, tenant active). `sequence` is what
 * this attempt sends.
 */
export async function claimLedger(
  ctx: Ctx,
  ledgerId: string,
  checks: readonly WriteOperation[],
  sequence?: number,
): Promise<ClaimResult> {
  // Here and nowhere else: no mail leaves without a claim.
  // A stop is for mail to attendees: what an organizer is told of his own mail goes on.
  const isStopped = isForAttendees(ledgerId) && (await isSendingStopped(ctx))
  if (isStopped || (await isHeld(ctx))) {
    await setAsideAt(ctx, ledgerKey(ledgerId))
    return { kind: 'wait' }
  }
  const row = await ctx.table.get(ledgerKey(ledgerId))
  if (row === undefined) throw LedgerFailure.missing('The ledger row is gone.')
  const ledger = Ledger.parse(row)
  const now = ctx.clock.now()
  if (isFinished(ledger)) return { kind: 'finished' }
  if (ledger.state === 'CLAIMED' && ledger.leaseUntil > now && !ctx.isWorkerGone(ledger.holder)) return { kind: 'wait' }
  if (ledger.state === 'UNKNOWN' && (ledger.dueAt ?? 0) > now) return { kind: 'wait' }
  const fence = ctx.ids.newToken()
  const attempt = ledger.attempt + 1
  const sequences = { ...ledger.sequences, ...(sequence === undefined ? {} : { [attempt]: sequence }) }
  const leaseUntil = now + ctx.settings.sendLeaseSeconds * 1000
  try {
    await ctx.table.transact([
      {
        kind: 'update',
        key: ledgerKey(ledgerId),
        set: {
          state: 'CLAIMED',
          fence,
          holder: ctx.workerId,
          leaseUntil,
          attempt,
          sequences,
          startedAt: now,
          gsi2sk: sortableTime(leaseUntil),
        },
        when: stillAsRead(ledger),
      },
      ...checks,
    ])
  } catch (error) {
    if (isFailure(error, 'table.conflict')) return { kind: 'wait' }
    if (!isFailure(error, 'table.condition_failed')) throw error
    const again = Ledger.parse(await ctx.table.get(ledgerKey(ledgerId)))
    return { kind: again.fence === ledger.fence && again.state === ledger.state ? 'refused' : 'wait' }
  }
  const previousStartedAt = ledger.attempt === 0 ? 0 : ledger.startedAt
  const entries = await readEntries(ctx, ledgerId)
  return {
    kind: 'claimed',
    claim: { ledgerId, fence, attempt, leaseUntil, previousStartedAt, entries, sequences: byAttempt(sequences) },
  }
}

/** Gives the claim back: finished for good, or due again later. False when it was lost meanwhile. */
export async function releaseLedger(
  ctx: Ctx,
  claim: Claim,
  to: { readonly state: 'DONE' | 'SUPERSEDED' } | { readonly state: 'PLANNED' | 'UNKNOWN'; readonly dueAt: number },
): Promise<boolean> {
  try {
    await ctx.table.write({
      kind: 'update',
      key: ledgerKey(claim.ledgerId),
      set: { state: to.state, ...('dueAt' in to ? { gsi2sk: sortableTime(to.dueAt), dueAt: to.dueAt } : {}) },
      ...('dueAt' in to ? {} : { remove: finishedRemoves }),
      when: holdsFence(claim),
    })
    return true
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return false
  }
}

/** The check that every write of a claimant carries. */
export function holdsFence(claim: Claim): Condition {
  return { attribute: 'fence', is: '=', value: claim.fence }
}

function byAttempt(sequences: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(Object.entries(sequences).map(([attempt, sequence]) => [Number(attempt), sequence]))
}

function stillAsRead(ledger: Ledger): Condition {
  return {
    allOf: [
      { attribute: 'fence', is: '=', value: ledger.fence },
      { attribute: 'state', is: '=', value: ledger.state },
      { attribute: 'attempt', is: '=', value: ledger.attempt },
    ],
  }
}
