import type { ListDue } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { endListWhenSent, tellWhenStopped } from '#tenant-stack/core/recipient-list/end-list.ts'
import { changeList, getList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { listBlobKey, listChunkId, type RecipientList } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { classifyRows } from './classify-rows.ts'
import { planBatch } from './plan-batch.ts'
import { counted, keepRefused } from './refused-rows.ts'
import { walkList } from './walk-list.ts'

/** Batches of one run, well within its time; then it goes on by its own topic. */
const BATCHES_PER_RUN = 800

export type ListOutcome = 'done' | 'continued' | 'waits' | 'gone' | 'overtaken'

/**
 * Goes on with a list: checks it, or plans what was confirmed. Safe to run twice, late, and beside its twin: each batch moves the list's row by
 * one transaction over the row that it was decided from, so that whoever comes second starts behind it.
 */
export async function workOnList(
  ctx: Ctx,
  { listId }: ListDue,
  batchesPerRun: number = BATCHES_PER_RUN,
): Promise<ListOutcome> {
  try {
    return await goOn(ctx, await getList(ctx, listId), batchesPerRun)
  } catch (error) {
    if (isFailure(error, 'list.not_found')) return 'gone'
    // A person has moved it, or a twin works on it: what is left to do is marked on its row.
    if (isFailure(error, 'list.changed_meanwhile')) return 'overtaken'
    throw error
  }
}

async function goOn(ctx: Ctx, list: RecipientList, batchesPerRun: number): Promise<ListOutcome> {
  const isChecking = list.state === 'checking'
  if (!isChecking && list.state !== 'sending') return 'done'
  let now = !isChecking && list.isResumed === true ? await offerAgain(ctx, list) : list
  if (now.plannedAt !== undefined) return lookAfter(ctx, now)
  if ((now.waitsUntil ?? 0) > ctx.clock.now()) return 'waits'
  const calendarEvent = await findEvent(ctx, list.eventId)
  if (calendarEvent === undefined || calendarEvent.status === 'cancelled') {
    await changeList(ctx, now, { state: 'cancelled' })
    return 'done'
  }
  let batches = 0
  for (const walked of walkList(ctx, await ctx.blobs.get(listBlobKey(list.listId)), now.row)) {
    if (batches === batchesPerRun) {
      await publish(ctx, 'list-due', { listId: list.listId })
      return 'continued'
    }
    batches += 1
    if (isChecking) {
      const { people, refused } = await classifyRows(ctx, calendarEvent, walked)
      await keepRefused(ctx, now, refused)
      now = await changeList(ctx, now, {
        row: walked.at(-1)?.row.row ?? now.row,
        rows: now.rows + walked.length,
        valid: now.valid + people.length,
        refused: counted(now.refused, refused),
      })
    } else {
      now = await planBatch(ctx, now, calendarEvent, walked)
      if (now.waitsUntil !== undefined) return 'waits'
    }
  }
  const at = ctx.clock.now()
  await changeList(ctx, now, isChecking ? { ...checkedIs(now), checkedAt: at } : { plannedAt: at, ...emptyIsDone(now) })
  return 'done'
}

/** All of it is planned: its chunks end it, or tell of what holds them up. Where they could not, this does, and looks again later. */
async function lookAfter(ctx: Ctx, { listId }: RecipientList): Promise<ListOutcome> {
  await tellWhenStopped(ctx, listId)
  await endListWhenSent(ctx, listId)
  const list = await getList(ctx, listId)
  if (list.state !== 'sending') return 'done'
  await changeList(ctx, list, {})
  return 'waits'
}

/** A list that is only looked at ends with its check. */
function checkedIs({ isDryRun }: RecipientList): Pick<RecipientList, 'state'> {
  return { state: isDryRun === true ? 'cancelled' : 'ready' }
}

/** A list that reached nobody has no mail whose sending would end it. */
function emptyIsDone({ planned }: RecipientList): Partial<RecipientList> {
  return planned === 0 ? { state: 'done' } : {}
}

/** Chunks that rested while it was paused; those that are sent already say so and do nothing. */
async function offerAgain(ctx: Ctx, list: RecipientList): Promise<RecipientList> {
  for (let chunk = 0; chunk < list.chunks; chunk += 1)
    await publish(ctx, 'chunk-planned', { chunkId: listChunkId(list.listId, chunk) })
  return changeList(ctx, list, { isResumed: false })
}
