import { Failure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { transactThrough } from '../transact-through.ts'
import { type Claim, holdsFence } from './claim-ledger.ts'
import { entriesOperation, LEDGER_ROW_SECONDS, type LedgerEntry, ledgerKey, rowStart, sendIdOf } from './ledger.ts'

/** One mail to send. `compose` is called once per attempt, with the attempt's own sendId. */
export type Sendable = {
  readonly index: number
  readonly envelopeTo: string
  readonly envelopeFrom: string | null
  readonly compose: (sendId: string) => Uint8Array
  /** Known before sending that it must not be sent (suppressed, already sent, cancelled). */
  readonly skip?: string
  /** Known before sending that it must not be sent yet: it is tried again later. */
  readonly wait?: SendableWait
}

/** Another chunk has not come to an end with this attendee. */
export type SendableWait = 'origin_unfinished' | 'fan_out_unfinished' | 'catch_up_unfinished'

/** What the caller writes together with an entry that became certain. */
export type OnCertain = (entry: LedgerEntry) => readonly WriteOperation[]

export type Delivered = { readonly isComplete: boolean; readonly unknown: number; readonly retry: number }

/** Some four days of "not now" (RFC 5321 §4.5.4.1): then it counts as refused, or it would be tried for ever. */
const ATTEMPTS_MAX = 400

/** One "not now" may be a single receiver's (RFC 6647, greylisting); so many in a row are the mailer's own, and asking on makes it longer. */
const REFUSED_IN_A_ROW_MAX = 3

/** Of the lease, what is kept back for a send under way and for recording: nobody else may hold the ledger by then. */
const RECORD_SHARE = 0.2

type Fate = LedgerEntry | 'unknown'

/**
 * Sends every mail of a claim that is not certain yet and records what became of each, all writes bound to the fence.
 * An earlier attempt without a record is asked about first; nobody sends again while the mailer cannot say and
 * `unknownSendSeconds` have not passed.
 */
export async function deliver(
  ctx: Ctx,
  claim: Claim,
  sendables: readonly Sendable[],
  onCertain: OnCertain,
): Promise<Delivered> {
  let unknown = 0
  let retry = 0
  let isComplete = true
  let refusedInARow = 0
  let isOutOfTime = false
  const recorder = recorderOf(ctx, claim, onCertain)
  const stopAt = claim.leaseUntil - ctx.settings.sendLeaseSeconds * 1000 * RECORD_SHARE
  const kind = sendables.length === 1 ? 'single' : 'bulk'
  for (const [at, sendable] of sendables.entries()) {
    const known = claim.entries.get(sendable.index)
    if (known !== undefined && known.state !== 'RETRY') continue
    await recorder.comeTo(sendable.index)
    const isThrottled = refusedInARow >= REFUSED_IN_A_ROW_MAX
    if (isThrottled || isOutOfTime || ctx.clock.now() >= stopAt) {
      isComplete = false
      // Certainly not sent by this attempt; without a word of it the next one would wait for a feed that has nothing to tell.
      if (claim.attempt - 1 <= (known?.attempt ?? 0))
        recorder.add(untried(claim, sendable.index, isThrottled ? 'throttled' : 'no_time_left'))
      continue
    }
    const turn = () => ctx.pace.turn({ kind, wanted: sendables.length - at, until: stopAt })
    const fate = await settle(ctx, { claim, sendable, known, turn })
    refusedInARow = fate !== 'unknown' && fate.reason === 'mailer.throttled' ? refusedInARow + 1 : 0
    if (fate === 'unknown') unknown += 1
    else {
      if (fate.reason === 'no_time_left') {
        isOutOfTime = true
        isComplete = false
      } else if (fate.state === 'RETRY') retry += 1
      recorder.add(fate)
    }
  }
  await recorder.finish()
  return { isComplete: isComplete && unknown === 0 && retry === 0, unknown, retry }
}

function untried(claim: Claim, index: number, reason: 'no_time_left' | 'throttled' | SendableWait): LedgerEntry {
  const sendId = sendIdOf(claim.ledgerId, index, claim.attempt)
  return { index, state: 'RETRY', attempt: claim.attempt, sendId, reason }
}

type Settle = {
  readonly claim: Claim
  readonly sendable: Sendable
  readonly known: LedgerEntry | undefined
  /** Waits for the right to send; false when there is none in the time of the claim. */
  readonly turn: () => Promise<boolean>
}

async function settle(ctx: Ctx, { claim, sendable, known, turn }: Settle): Promise<Fate> {
  const { index } = sendable
  for (let attempt = claim.attempt - 1; attempt > (known?.attempt ?? 0); attempt -= 1) {
    const sendId = sendIdOf(claim.ledgerId, index, attempt)
    const fate = await ctx.mailer.lookup(sendId)
    if (fate.fate === 'accepted')
      return { index, state: 'ACCEPTED', attempt, sendId, mailerMessageId: fate.mailerMessageId }
    const isTooYoung = ctx.clock.now() - claim.previousStartedAt < ctx.settings.unknownSendSeconds * 1000
    if (fate.fate === 'unknown' && isTooYoung) return 'unknown'
  }
  const sendId = sendIdOf(claim.ledgerId, index, claim.attempt)
  if (sendable.skip !== undefined)
    return { index, state: 'SKIPPED', attempt: claim.attempt, sendId, reason: sendable.skip }
  if (sendable.wait !== undefined) return untried(claim, index, sendable.wait)
  if (!(await turn())) return untried(claim, index, 'no_time_left')
  return attemptSend(ctx, claim, sendable, sendId)
}

async function attemptSend(ctx: Ctx, claim: Claim, sendable: Sendable, sendId: string): Promise<Fate> {
  const { index } = sendable
  const { attempt } = claim
  try {
    const raw = sendable.compose(sendId)
    const { mailerMessageId } = await ctx.mailer.send({
      sendId,
      envelopeFrom: sendable.envelopeFrom,
      envelopeTo: sendable.envelopeTo,
      raw,
    })
    return { index, state: 'ACCEPTED', attempt, sendId, mailerMessageId }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    ctx.log.warn({ at: 'send.refused', sendId, code: error.code })
    if (error.code === 'mailer.ambiguous') return askAtOnce(ctx, { index, attempt, sendId })
    if (error.retry && attempt < ATTEMPTS_MAX) return { index, state: 'RETRY', attempt, sendId, reason: error.code }
    return { index, state: 'FAILED', attempt, sendId, reason: error.code }
  }
}

/** Some mailers can say at once what became of a broken attempt; the others are asked again when its time has passed. */
async function askAtOnce(ctx: Ctx, tried: Pick<LedgerEntry, 'index' | 'attempt' | 'sendId'>): Promise<Fate> {
  const fate = await ctx.mailer.lookup(tried.sendId)
  if (fate.fate === 'accepted') return { ...tried, state: 'ACCEPTED', mailerMessageId: fate.mailerMessageId }
  return fate.fate === 'not_accepted' ? { ...tried, state: 'RETRY', reason: 'mailer.ambiguous' } : 'unknown'
}

/** Keeps what became certain until the mails that share a row are through, then writes it with what follows from it. */
function recorderOf(ctx: Ctx, claim: Claim, onCertain: OnCertain) {
  const known = new Map(claim.entries)
  let group: LedgerEntry[] = []

  async function finish(): Promise<void> {
    const [first] = group
    if (first === undefined) return
    const inRow = [...known.values()].filter(({ index }) => rowStart(index) === rowStart(first.index))
    const expiresAt = Math.floor(ctx.clock.now() / 1000) + LEDGER_ROW_SECONDS
    const operations: WriteOperation[] = [
      { kind: 'check', key: ledgerKey(claim.ledgerId), when: holdsFence(claim) },
      entriesOperation(claim.ledgerId, inRow, expiresAt),
      ...group.flatMap((entry) => (entry.state === 'RETRY' ? [] : onCertain(entry))),
    ]
    group = []
    // Mails that left must be recorded, not guessed at later.
    await transactThrough(ctx, mergeCounters(operations))
  }

  return {
    add(entry: LedgerEntry): void {
      group.push(entry)
      known.set(entry.index, entry)
    },
    /** Before a mail is sent: those of the row before are recorded first. */
    async comeTo(index: number): Promise<void> {
      if (group[0] !== undefined && rowStart(group[0].index) !== rowStart(index)) await finish()
    },
    finish,
  }
}

/** A transaction may name a row once: additions to the same counter row are summed. */
function mergeCounters(operations: readonly WriteOperation[]): readonly WriteOperation[] {
  const merged = new Map<string, WriteOperation>()
  for (const operation of operations) {
    const key = operation.kind === 'put' ? operation.item : operation.key
    const name = `${key.pk}\n${key.sk}`
    const before = merged.get(name)
    if (
      before?.kind === 'update' &&
      operation.kind === 'update' &&
      before.add !== undefined &&
      operation.add !== undefined
    )
      merged.set(name, { ...before, add: sum(before.add, operation.add) })
    else merged.set(name, operation)
  }
  return [...merged.values()]
}

function sum(a: { readonly [name: string]: number }, b: { readonly [name: string]: number }) {
  const total: { [name: string]: number } = { ...a }
  for (const [name, value] of Object.entries(b)) total[name] = (total[name] ?? 0) + value
  return total
}
