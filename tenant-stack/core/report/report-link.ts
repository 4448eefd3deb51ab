import * as z from 'zod'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { findEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'

/** Longer than any meeting is planned ahead by a person who looks at his mail. */
const LINK_SECONDS = 180 * 86_400

const Link = z.object({ eventId: z.string() })

function linkKey(ctx: Ctx, token: string) {
  return { pk: `replink#${ctx.sha256(token)}`, sk: 'link' }
}

/** A link that has this one event's report mailed to its organizer and does nothing else; its hash alone is kept, stored before anybody is mailed it. */
export async function issueReportLink(ctx: Ctx, eventId: string): Promise<string> {
  const token = ctx.ids.newToken()
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + LINK_SECONDS
  await ctx.table.write({
    kind: 'put',
    item: { ...linkKey(ctx, token), eventId, expiresAt },
    when: { row: 'absent' },
  })
  return `${ctx.settings.pagesUrl}/report/${token}`
}

/** The event that a link is for; undefined for one of nobody, or one whose time is over. */
export async function findByReportLink(ctx: Ctx, token: string): Promise<CalendarEvent | undefined> {
  if (!/^[0-9a-z]{26}$/.test(token)) return undefined
  const row = await ctx.table.get(linkKey(ctx, token))
  return row === undefined ? undefined : findEvent(ctx, Link.parse(row).eventId)
}
