import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { changeList, sentOfList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { cancelList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { listKey, RecipientList } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import type { Chunk } from '#tenant-stack/core/send-ledger/chunk.ts'
import { ledgerKey } from '#tenant-stack/core/send-ledger/ledger.ts'
import { sortableTime } from '#tenant-stack/core/unfinished.ts'

/** A chunk of a paused list is looked at again so seldom; who resumes the list offers all of them at once. */
const REST_MS = 15 * 60_000

async function findList(ctx: Ctx, listId: string): Promise<RecipientList | undefined> {
  const row = await ctx.table.get(listKey(listId))
  return row === undefined ? undefined : RecipientList.parse(row)
}

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

/** The list is done when the last of its mails is certain. Nobody waits for it: the next chunk, or who looks at it, finds it as well. */
export async function endListWhenSent(ctx: Ctx, listId: string): Promise<void> {
  const list = await findList(ctx, listId)
  if (list?.state !== 'sending' || list.plannedAt === undefined) return
  const { sent, failed, suppressed, skipped } = await sentOfList(ctx, listId)
  if (sent + failed + suppressed + skipped < list.planned) return
  try {
    await changeList(ctx, list, { state: 'done' })
  } catch (error) {
    if (!isFailure(error, 'list.changed_meanwhile')) throw error
  }
}
