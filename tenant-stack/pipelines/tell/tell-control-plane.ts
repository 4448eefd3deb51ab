import type { Ctx } from '#tenant-stack/core/context.ts'
import { healthNotice, usageNotices } from './tenant-notices.ts'

/** Tells how the stack is and what it has done. What could not be told is made good by the next telling, which says the newest figures. */
export async function tellAll(ctx: Ctx): Promise<void> {
  const { teller } = ctx
  if (teller === undefined) return
  const notices = [await healthNotice(ctx, teller), ...(await usageNotices(ctx, teller))]
  for (const notice of notices) await teller.tell(notice)
}

/** Tells how the stack is, now. */
export async function tellHealth(ctx: Ctx): Promise<void> {
  const { teller } = ctx
  if (teller !== undefined) await teller.tell(await healthNotice(ctx, teller))
}
