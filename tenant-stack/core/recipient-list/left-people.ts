import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import type { Invitation } from '../invitation/invitation.ts'
import { isFinished, Ledger, ledgerKey } from '../send-ledger/ledger.ts'
import { finishedRemoves } from '../unfinished.ts'
import { listChunkId, listKey, RecipientList } from './recipient-list.ts'

/** Of some invitations, those that a list had planned and was cancelled before it was known to send them: others may invite these people. */
export async function leftByCancelledLists(
  ctx: Ctx,
  invitations: readonly Invitation[],
): Promise<ReadonlySet<Invitation>> {
  const unsent = invitations.filter(
    ({ sentState, completeSequence }) => sentState === 'planned' && completeSequence < 0,
  )
  const listIds = new Set(unsent.flatMap(({ listId }) => listId ?? []))
  if (listIds.size === 0) return new Set()
  const rows = await ctx.table.getMany([...listIds].map(listKey))
  const lists = rows.map((row) => RecipientList.parse(row))
  const cancelled = new Set(lists.flatMap(({ listId, state }) => (state === 'cancelled' ? [listId] : [])))
  return new Set(unsent.filter(({ listId }) => listId !== undefined && cancelled.has(listId)))
}

/**
 * Of those, the ones that may be sent something yet. A chunk that nobody ever claimed is ended here, for its list is cancelled for good; one that is
 * being sent, or of whose mails nobody knows, comes to an end by itself, and only then somebody else may have its people.
 */
export async function stillHeld(ctx: Ctx, left: readonly Invitation[]): Promise<ReadonlySet<Invitation>> {
  const over = new Map<string, boolean>()
  for (const chunkId of new Set(left.map(chunkOf))) over.set(chunkId, await isOver(ctx, chunkId))
  return new Set(left.filter((invitation) => over.get(chunkOf(invitation)) !== true))
}

function chunkOf({ listId = '', listChunk = 0 }: Invitation): string {
  return listChunkId(listId, listChunk)
}

/** An end is for good: it needs no check in the transaction that follows. */
async function isOver(ctx: Ctx, chunkId: string): Promise<boolean> {
  const row = await ctx.table.get(ledgerKey(chunkId))
  if (row === undefined) return true
  const ledger = Ledger.parse(row)
  if (isFinished(ledger)) return true
  const { state, attempt, fence } = ledger
  if (state !== 'PLANNED' || attempt > 0) return false
  try {
    await ctx.table.write({
      kind: 'update',
      key: ledgerKey(chunkId),
      set: { state: 'SUPERSEDED' },
      remove: finishedRemoves,
      when: {
        allOf: [
          { attribute: 'state', is: '=', value: 'PLANNED' },
          { attribute: 'fence', is: '=', value: fence },
        ],
      },
    })
    return true
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return false
  }
}
