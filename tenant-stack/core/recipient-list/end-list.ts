import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { isSendingStopped } from '../sending-stop/sending-stop.ts'
import { changeList, findList, sentOfList } from './list-store.ts'
import type { ListNotice, RecipientList } from './recipient-list.ts'

/** Others move the row all the time: looked at anew at most so often, then left to whoever looks next. */
const TRIES = 5

/** The list is done when the last of its mails is certain. The last chunk finds it; when that dies, who looks after the list does. */
export async function endListWhenSent(ctx: Ctx, listId: string): Promise<void> {
  await moveWhen(ctx, listId, async (list) => {
    if (list.plannedAt === undefined) return undefined
    const { sent, failed, suppressed, skipped } = await sentOfList(ctx, listId)
    return sent + failed + suppressed + skipped < list.planned ? undefined : { change: { state: 'done' } }
  })
}

/** While the tenant's mail is stopped a list that is being sent stands still, and its organizer is told, once. */
export async function tellWhenStopped(ctx: Ctx, listId: string): Promise<void> {
  if (!(await isSendingStopped(ctx))) return
  await moveWhen(ctx, listId, async ({ told }) =>
    told?.includes('stopped') === true ? undefined : { change: {}, also: ['stopped'] },
  )
}

type Move = { readonly change: Partial<RecipientList>; readonly also?: readonly ListNotice[] }

async function moveWhen(
  ctx: Ctx,
  listId: string,
  moveOf: (list: RecipientList) => Promise<Move | undefined>,
): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const list = await findList(ctx, listId)
    const move = list?.state === 'sending' ? await moveOf(list) : undefined
    if (list === undefined || move === undefined) return
    try {
      await changeList(ctx, list, move.change, move.also)
      return
    } catch (error) {
      if (!isFailure(error, 'list.changed_meanwhile')) throw error
    }
  }
}
