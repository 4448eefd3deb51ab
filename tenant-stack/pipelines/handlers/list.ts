import { ListDue } from '#shared/contracts/notices.ts'
import { setAsideAt } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { listKey } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { workOnList } from '../list/work-on-list.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const list: PipelineHandler = async (ctx, body) => {
  const due = ListDue.parse(JSON.parse(body))
  if (await isHeld(ctx)) return setAsideAt(ctx, listKey(due.listId))
  await workOnList(ctx, due)
}
