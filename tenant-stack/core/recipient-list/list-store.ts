import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { readCounts } from '../counters/counters.ts'
import { markUnfinished } from '../unfinished.ts'
import { type Fact, tellWebhooks } from '../webhook/tell-webhooks.ts'
import { noticeOperations, publishNotices, toldOf } from './list-notices.ts'
import {
  ListFailure,
  type ListNotice,
  listKey,
  listOfEventKey,
  RecipientList,
  RefusedRow,
  refusedRowPrefix,
} from './recipient-list.ts'

/** A list all of whose mails are planned is looked at so seldom: its last chunk ends it, unless that died. */
const LOOK_MS = 5 * 60_000

const ListOfEvent = z.object({ listId: z.string() })

export async function findList(ctx: Ctx, listId: string): Promise<RecipientList | undefined> {
  const row = await ctx.table.get(listKey(listId))
  return row === undefined ? undefined : RecipientList.parse(row)
}

/** Also said of what is somebody else's. */
export const NO_SUCH_LIST = 'There is no such list.'

/** Throws `list.not_found`. */
export async function getList(ctx: Ctx, listId: string): Promise<RecipientList> {
  const found = await findList(ctx, listId)
  if (found === undefined) throw ListFailure.not_found(NO_SUCH_LIST)
  return found
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

/**
 * The list as it is to be now, only over what it was read as, and the mails that its organizer is due for it (`toldOf`). Marked until a worker has
 * seen it to its end.
 */
export function listWrites(
  ctx: Ctx,
  before: RecipientList | undefined,
  after: RecipientList,
): readonly WriteOperation[] {
  return [listWrite(ctx, before, after), ...noticeOperations(ctx, before, after)]
}

function listWrite(ctx: Ctx, before: RecipientList | undefined, after: RecipientList): WriteOperation {
  const { listId, state, waitsUntil, plannedAt } = after
  const isWorked = state === 'checking' || state === 'sending'
  const dueAt = waitsUntil ?? ctx.clock.now() + (plannedAt === undefined ? 60_000 : LOOK_MS)
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
  also: readonly ListNotice[] = [],
): Promise<RecipientList> {
  const after = toldOf(before, { ...before, ...change, version: before.version + 1 }, also)
  const isDone = after.state === 'done' && before.state !== 'done'
  const facts = isDone ? await tellWebhooks(ctx, doneFact(after)) : { operations: [], notices: [] }
  try {
    await ctx.table.transact([...listWrites(ctx, before, after), ...facts.operations])
    await publishNotices(ctx, before, after)
    for (const { topicName, body } of facts.notices) await ctx.topics.publish(topicName, body)
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
