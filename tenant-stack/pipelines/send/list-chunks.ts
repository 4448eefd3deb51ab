import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { cancelList } from '#tenant-stack/core/recipient-list/move-list.ts'
import type { Chunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import { ledgerKey } from '#tenant-stack/core/send-ledger/ledger.ts'
import { sortableTime } from '#tenant-stack/core/unfinished.ts'

/** A chunk of a paused list is looked at again so seldom; who resumes the list offers all of them at once. */
const REST_MS = 15 * 60_000

/** Whether the list of a chunk lets it be sent now. */
export async function stopOf(ctx: Ctx, listId: string): Promise<'paused' | 'cancelled' | undefined> {
  const state = (await findList(ctx, listId))?.state
  return state === 'paused' || state === 'cancelled' ? state : undefined
}

/** Leaves a chunk for later without an attempt. One that somebody has claimed goes on: what is handed over cannot be taken back. */
export async function rest(ctx: Ctx, { ledgerId }: Chunk): Promise<'later'> {
  try {
    await ctx.table.write({
      kind: 'update',
      key: ledgerKey(ledgerId),
      set: { gsi2sk: sortableTime(ctx.clock.now() + REST_MS) },
      when: { attribute: 'state', is: '=', value: 'PLANNED' },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
  return 'later'
}

/** Of an event that was called off nobody is invited any more. */
export async function endListOfCancelled(ctx: Ctx, listId: string): Promise<void> {
  try {
    await cancelList(ctx, listId)
  } catch (error) {
    if (!isFailure(error, 'list.wrong_state')) throw error
  }
}
