import { noticeOf } from '#shared/contracts/notices.ts'
import { setAsideAt } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { listKey } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { workOnList } from '../list/work-on-list.ts'
import { workOnPerson } from '../person/work-on-person.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const list: PipelineHandler = async (ctx, body) => {
  const due = noticeOf['list-due'].parse(JSON.parse(body))
  // A person's right does not wait for a licence.
  if ('jobId' in due) return void (await workOnPerson(ctx, due))
  if (await isHeld(ctx)) return setAsideAt(ctx, listKey(due.listId))
  await workOnList(ctx, due)
}
