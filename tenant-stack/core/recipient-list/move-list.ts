import { isFailure } from '#shared/errors/failure.ts'
import { CalendarEventFailure } from '../calendar-event/calendar-event.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { refuseNotOrganizer, whyNotStored } from '../organizer/may-organize.ts'
import { publish } from '../publish.ts'
import { changeList, getList } from './list-store.ts'
import { isEmptyList, newList, newListOperations } from './new-list.ts'
import { ListFailure, type ListState, listBlobKey, type RecipientList } from './recipient-list.ts'

/**
 * Takes a list for an event: it is kept, and checked by a worker. Nothing is sent before somebody has confirmed what the check shows. Throws
 * `list.empty`, and as `getEvent`.
 */
export async function uploadList(
  ctx: Ctx,
  input: {
    readonly eventId: string
    readonly bytes: Uint8Array
    readonly fileName?: string
    /** It is checked and then ends: there is nothing to confirm. */
    readonly isDryRun?: boolean
  },
): Promise<RecipientList> {
  const { eventId, bytes, fileName } = input
  const calendarEvent = await getEvent(ctx, eventId)
  if (calendarEvent.status === 'cancelled') throw CalendarEventFailure.cancelled('This event is cancelled.')
  if (isEmptyList(bytes))
    throw ListFailure.empty(
      'The file names nobody: put one address in each line, or send a CSV file with a column "email".',
    )
  const list = newList(ctx, {
    listId: ctx.ids.newId('lst'),
    eventId,
    sizeBytes: bytes.length,
    ...(fileName === undefined ? {} : { fileName }),
    ...(input.isDryRun === true ? { isDryRun: true } : {}),
  })
  // The file first: a list without one could never be checked, a file without a list is nothing.
  await ctx.blobs.put(listBlobKey(list.listId), bytes)
  await ctx.table.transact(newListOperations(ctx, list))
  await publish(ctx, 'list-due', { listId: list.listId })
  return list
}

/** Sends a list that was checked. Asked again it changes nothing. Throws `list.wrong_state`, and as `refuseNotOrganizer`. */
export async function confirmList(ctx: Ctx, listId: string): Promise<RecipientList> {
  const { eventId } = await getList(ctx, listId)
  const { organizerAddress } = await getEvent(ctx, eventId)
  refuseNotOrganizer(await whyNotStored(ctx, organizerAddress))
  return move(ctx, listId, { from: ['ready'], to: 'sending', again: ['sending', 'paused', 'done'] }, () => ({
    state: 'sending',
    row: 0,
    refused: {},
    confirmedAt: ctx.clock.now(),
  }))
}

/** Nothing more of it is sent until it is resumed; what was handed over arrives. Throws `list.wrong_state`. */
export async function pauseList(ctx: Ctx, listId: string): Promise<RecipientList> {
  return move(ctx, listId, { from: ['sending'], to: 'paused', again: ['paused'] }, () => ({ state: 'paused' }))
}

/** Goes on where it was paused. Throws `list.wrong_state`. */
export async function resumeList(ctx: Ctx, listId: string): Promise<RecipientList> {
  return move(ctx, listId, { from: ['paused'], to: 'sending', again: ['sending', 'done'] }, () => ({
    state: 'sending',
    isResumed: true,
  }))
}

/** Ends it: what was sent stays sent, the others get nothing and may be invited by another list. Throws `list.wrong_state`. */
export async function cancelList(ctx: Ctx, listId: string): Promise<RecipientList> {
  const from: readonly ListState[] = ['checking', 'ready', 'sending', 'paused']
  return move(ctx, listId, { from, to: 'cancelled', again: ['cancelled'] }, () => ({ state: 'cancelled' }))
}

const TRIES = 10

async function move(
  ctx: Ctx,
  listId: string,
  rule: { readonly from: readonly ListState[]; readonly to: ListState; readonly again: readonly ListState[] },
  change: () => Partial<RecipientList>,
): Promise<RecipientList> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await getList(ctx, listId)
    if (rule.again.includes(before.state)) return before
    if (!rule.from.includes(before.state))
      throw ListFailure.wrong_state(`This cannot be done with a list that is ${before.state}.`)
    try {
      const after = await changeList(ctx, before, change())
      if (rule.to === 'sending') await publish(ctx, 'list-due', { listId })
      return after
    } catch (error) {
      // A worker moves the same row all the time.
      if (!isFailure(error, 'list.changed_meanwhile') || attempt >= TRIES) throw error
    }
  }
}
