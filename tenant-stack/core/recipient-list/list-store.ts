import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { readCounts } from '../counters/counters.ts'
import { markUnfinished } from '../unfinished.ts'
import { type Fact, tellWebhooks } from '../webhook/tell-webhooks.ts'
import { ListFailure, listKey, listOfEventKey, RecipientList, RefusedRow, refusedRowPrefix } from './recipient-list.ts'

const ListOfEvent = z.object({ listId: z.string() })

/** Throws `list.not_found`. */
export async function getList(ctx: Ctx, listId: string): Promise<RecipientList> {
  const row = await ctx.table.get(listKey(listId))
  if (row === undefined) throw ListFailure.not_found('There is no such list.')
  return RecipientList.parse(row)
}

/** Lists of an event, newest first. */
export async function listsOfEvent(
  ctx: Ctx,
  query: { readonly eventId: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly lists: readonly RecipientList[]; readonly next?: string }> {
  await getEvent(ctx, query.eventId)
  const page = await ctx.table.query({
    pk: listOfEventKey(query.eventId, '').pk,
    sk: { beginsWith: 'list#' },
    descending: true,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const lists = await Promise.all(page.items.map((item) => getList(ctx, ListOfEvent.parse(item).listId)))
  return { lists, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}

/** Lines without an invitation, in the file's order: of the check, once it is confirmed of what was sent. */
export async function refusedRows(
  ctx: Ctx,
  query: { readonly listId: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly rows: readonly RefusedRow[]; readonly next?: string }> {
  const list = await getList(ctx, query.listId)
  const page = await ctx.table.query({
    pk: listKey(query.listId).pk,
    sk: { beginsWith: refusedRowPrefix(list) },
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const rows = page.items.map((item) => RefusedRow.parse(item))
  return { rows, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}

/** The list as it is to be now, only over what it was read as; marked while a worker has to go on with it. */
export function listWrite(ctx: Ctx, before: RecipientList | undefined, after: RecipientList): WriteOperation {
  const { listId, state, waitsUntil } = after
  const isWorked = state === 'checking' || (state === 'sending' && after.plannedAt === undefined)
  const dueAt = waitsUntil ?? ctx.clock.now() + 60_000
  const mark = isWorked
    ? markUnfinished(ctx, { rowName: listId, dueAt, topicName: 'list-due', body: JSON.stringify({ listId }) })
    : {}
  return {
    kind: 'put',
    // What was set and holds no more is left out, not written as nothing.
    item: { ...listKey(listId), ...RecipientList.parse(JSON.parse(JSON.stringify(after))), ...mark },
    when: before === undefined ? { row: 'absent' } : { attribute: 'version', is: '=', value: before.version },
  }
}

/** Changes a list, when nobody else did meanwhile; throws `list.changed_meanwhile`. */
export async function changeList(
  ctx: Ctx,
  before: RecipientList,
  change: Partial<RecipientList>,
): Promise<RecipientList> {
  const after = { ...before, ...change, version: before.version + 1 }
  const isDone = after.state === 'done' && before.state !== 'done'
  const told = isDone ? await tellWebhooks(ctx, doneFact(after)) : { operations: [], notices: [] }
  try {
    const written = listWrite(ctx, before, after)
    if (told.operations.length === 0) await ctx.table.write(written)
    else await ctx.table.transact([written, ...told.operations])
    for (const { topicName, body } of told.notices) await ctx.topics.publish(topicName, body)
    return after
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict'))
      throw ListFailure.changed_meanwhile('The list has changed meanwhile: look again.')
    throw error
  }
}

function doneFact({ listId, eventId, planned }: RecipientList): Fact {
  return { type: 'list.done', data: { list_id: listId, event_id: eventId, planned } }
}

/** What has become of a list's mails. */
export async function sentOfList(ctx: Ctx, listId: string) {
  const { totals } = await readCounts(ctx, listId, 0)
  const { sent = 0, failed = 0, suppressed = 0, skipped = 0 } = totals
  return { sent, failed, suppressed, skipped }
}
