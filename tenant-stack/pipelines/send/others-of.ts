import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { heldByFanOut } from '#tenant-stack/core/fan-out/held-by-fan-out.ts'
import type { CatchUp, Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { type Chunk, findChunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import { isLedgerFinished, type LedgerEntry, readEntries } from '#tenant-stack/core/send-ledger/ledger.ts'

/** What a catch-up that an attendee is left to makes of him: it has mailed him or will, it has left him out, or nobody knows yet. */
export type Holding = 'mails' | 'leaves_out' | 'undecided'

/** What other chunks are at with the people of one that catches up; nothing of any other chunk. */
export type Others = {
  /** Whether the chunk that this one follows has come to its end. */
  readonly isOriginFinished: boolean
  /** Ids of those whom a fan-out has not come to an end with. */
  readonly heldByFanOut: ReadonlySet<string>
  /** What the catch-up that has an attendee makes of him. Who was left to one after this was asked is undecided. */
  readonly holdingOf: (invitation: Invitation, catchUp: CatchUp) => Holding
}

/** To be asked before the invitations are read to be mailed: what the others record after that, they are still at. */
export async function othersOf(ctx: Ctx, chunk: Chunk, calendarEvent: CalendarEvent): Promise<Others> {
  const isOriginFinished = chunk.originId === undefined || (await isLedgerFinished(ctx, chunk.originId))
  // One of a change may be a catch-up as well: it is of one person then.
  const mayCatchUp = chunk.kind === 'catchup' || (chunk.kind === 'revision' && chunk.invitationIds.length === 1)
  if (!mayCatchUp) return { isOriginFinished, heldByFanOut: new Set(), holdingOf: () => 'mails' }
  const invitations = await findInvitations(ctx, chunk.eventId, chunk.invitationIds)
  const behind = [...invitations.values()].filter(
    ({ completeSequence, catchUp }) =>
      // Who was sent nothing yet is left out by fan-outs.
      completeSequence >= 0 &&
      completeSequence < calendarEvent.sequence &&
      (chunk.kind === 'catchup' || catchUp?.chunkId === chunk.ledgerId),
  )
  const ids = behind.map(({ invitationId }) => invitationId)
  // A part of a change leaves him at once: the catch-up that has him waits for it.
  const holdings = chunk.kind === 'catchup' ? await holdingsOf(ctx, chunk, [...invitations.values()]) : undefined
  return {
    isOriginFinished,
    heldByFanOut: await heldByFanOut(ctx, calendarEvent, ids),
    holdingOf: ({ invitationId }, { chunkId }) =>
      holdings === undefined ? 'mails' : (holdings.get(`${chunkId} ${invitationId}`) ?? 'undecided'),
  }
}

/** Of those whom another catch-up has: by its id and theirs. */
async function holdingsOf(
  ctx: Ctx,
  { ledgerId }: Chunk,
  invitations: readonly Invitation[],
): Promise<ReadonlyMap<string, Holding>> {
  const left = invitations.flatMap(({ invitationId, catchUp }) =>
    catchUp === undefined || catchUp.chunkId === ledgerId ? [] : [{ invitationId, chunkId: catchUp.chunkId }],
  )
  const holdings = new Map<string, Holding>()
  for (const chunkId of new Set(left.map((one) => one.chunkId))) {
    const holder = await findChunk(ctx, chunkId)
    // Before its entries: what it has said of nobody once it is finished, it has nothing to say of.
    const isFinished = await isLedgerFinished(ctx, chunkId)
    const entries = await readEntries(ctx, chunkId)
    for (const { invitationId } of left.filter((one) => one.chunkId === chunkId)) {
      const entry = entries.get(holder?.invitationIds.indexOf(invitationId) ?? -1)
      // It waits for this one, so this one does not wait for it.
      const follows = holder?.originId === ledgerId
      holdings.set(`${chunkId} ${invitationId}`, follows ? 'mails' : holdingBy(entry, isFinished))
    }
  }
  return holdings
}

/** It leaves him out where it took him for somebody who was never sent anything, or ended before it came to him. */
function holdingBy(entry: LedgerEntry | undefined, isFinished: boolean): Holding {
  if (entry === undefined || entry.state === 'RETRY') return isFinished ? 'leaves_out' : 'undecided'
  return entry.state === 'SKIPPED' ? 'leaves_out' : 'mails'
}
