import type { Ctx } from '../context.ts'
import type { CalendarEvent } from './calendar-event.ts'
import { CalendarEventFailure } from './calendar-event.ts'
import { listEventsOfMonth } from './event-store.ts'

/** How far back a page looks for older events before it ends: three years of months without any. */
const MONTHS_BACK_MAX = 36

/** Events of the domain, newest first. The cursor names a month and a place in it. */
export async function listEvents(
  ctx: Ctx,
  query: { readonly limit: number; readonly after?: string },
): Promise<{ readonly events: readonly CalendarEvent[]; readonly next?: string }> {
  const begun = query.after === undefined ? { month: monthOf(ctx.clock.now()) } : readCursor(query.after)
  let { month } = begun
  let cursor = begun.cursor
  const events: CalendarEvent[] = []
  for (let months = 0; months <= MONTHS_BACK_MAX; months += 1) {
    const page = await listEventsOfMonth(ctx, {
      month,
      limit: query.limit - events.length,
      ...(cursor === undefined ? {} : { cursor }),
    })
    events.push(...page.events)
    if (events.length >= query.limit)
      return { events, next: page.cursor === undefined ? monthBefore(month) : `${month}~${page.cursor}` }
    cursor = page.cursor
    if (cursor === undefined) month = monthBefore(month)
  }
  return { events }
}

function readCursor(text: string): { readonly month: string; readonly cursor?: string } {
  const [month = '', ...rest] = text.split('~')
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw CalendarEventFailure.bad_cursor('This cursor is not one of ours.')
  const cursor = rest.join('~')
  return cursor === '' ? { month } : { month, cursor }
}

function monthOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7)
}

function monthBefore(month: string): string {
  const first = Date.parse(`${month}-01T00:00:00Z`)
  return monthOf(first - 86_400_000)
}
