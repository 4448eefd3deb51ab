import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { publish } from '../publish.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'
import { LIST_NOTICES, type ListNotice, type RecipientList } from './recipient-list.ts'

const NOTICE = /^ntc_list-(lst_[0-9a-z]{26})-([a-z]+)$/

/** Names the one mail that tells a list's organizer of one thing. */
export function listNoticeId(listId: string, what: ListNotice): string {
  return `ntc_list-${listId}-${what}`
}

/** The list that a notice is about, and what it tells; undefined for any other notice. */
export function noticedList(noticeId: string): { readonly listId: string; readonly what: ListNotice } | undefined {
  const [, listId = '', word = ''] = NOTICE.exec(noticeId) ?? []
  const what = LIST_NOTICES.find((one) => one === word)
  return what === undefined ? undefined : { listId, what }
}

/** A list as it is to be now, with what its organizer has been or is being told: each once, however often it happens. */
export function toldOf(
  before: RecipientList | undefined,
  after: RecipientList,
  also: readonly ListNotice[] = [],
): RecipientList {
  const told = new Set([...(after.told ?? []), ...happened(before, after), ...also])
  return told.size === 0 ? after : { ...after, told: [...told] }
}

/** The puts that plan what is told now for the first time, to go with the list's own write. */
export function noticeOperations(
  ctx: Ctx,
  before: RecipientList | undefined,
  after: RecipientList,
): readonly WriteOperation[] {
  return newlyTold(before, after).map((noticeId) =>
    planLedgerOperation(ctx, noticeId, { topicName: 'notice-due', body: JSON.stringify({ noticeId }) }),
  )
}

/** Tells whoever sends them; when this dies the sweep finds them. */
export async function publishNotices(ctx: Ctx, before: RecipientList | undefined, after: RecipientList): Promise<void> {
  for (const noticeId of newlyTold(before, after)) await publish(ctx, 'notice-due', { noticeId })
}

function newlyTold(before: RecipientList | undefined, after: RecipientList): readonly string[] {
  const known = new Set(before?.told)
  return (after.told ?? []).filter((what) => !known.has(what)).map((what) => listNoticeId(after.listId, what))
}

/** Who uploads a list sees what its check says; who mails it is told. */
function happened(before: RecipientList | undefined, after: RecipientList): readonly ListNotice[] {
  const isNow = (state: RecipientList['state']) => after.state === state && before?.state !== state
  return [
    ...(isNow('ready') && after.fromMail !== undefined ? (['checked'] as const) : []),
    ...(after.waitsFor === 'sends_per_day' && before?.waitsFor !== 'sends_per_day' ? (['waits'] as const) : []),
    ...(isNow('done') ? (['done'] as const) : []),
  ]
}
