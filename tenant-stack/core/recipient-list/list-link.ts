import * as z from 'zod'
import type { Ctx } from '../context.ts'
import { getList } from './list-store.ts'
import type { RecipientList } from './recipient-list.ts'

/** Who mails a list waits for this mail; later the counts of the check would tell of another day. */
export const LIST_LINK_SECONDS = 7 * 86_400
/** Behind its end the link is still known, so that it can say so. */
const KEPT_SECONDS = 30 * 86_400

/** `validUntil` in epoch milliseconds. */
const ListLink = z.object({ listId: z.string(), validUntil: z.number() })

function linkKey(ctx: Ctx, token: string) {
  return { pk: `listlink#${ctx.sha256(token)}`, sk: 'link' }
}

/** A link for the organizer that confirms or cancels this one list and nothing else; its hash alone is kept, and stored before anybody is mailed it. */
export async function issueListLink(ctx: Ctx, { listId }: RecipientList): Promise<string> {
  const token = ctx.ids.newToken()
  const validUntil = ctx.clock.now() + LIST_LINK_SECONDS * 1000
  await ctx.table.write({
    kind: 'put',
    item: { ...linkKey(ctx, token), listId, validUntil, expiresAt: Math.ceil(validUntil / 1000) + KEPT_SECONDS },
    when: { row: 'absent' },
  })
  return `${ctx.settings.pagesUrl}/list/${token}`
}

/** What a link stands for, and whether it may still act; undefined for one of nobody. */
export async function findByListLink(
  ctx: Ctx,
  token: string,
): Promise<{ readonly list: RecipientList; readonly isExpired: boolean } | undefined> {
  if (!/^[0-9a-z]{26}$/.test(token)) return undefined
  const row = await ctx.table.get(linkKey(ctx, token))
  if (row === undefined) return undefined
  const { listId, validUntil } = ListLink.parse(row)
  return { list: await getList(ctx, listId), isExpired: ctx.clock.now() > validUntil }
}
