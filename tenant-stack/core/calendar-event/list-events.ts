import type { Ctx } from '../context.ts'
import type { CalendarEvent } from './calendar-event.ts'
import { CalendarEventFailure } from './calendar-event.ts'
import { listEventsOfMonth } from './event-store.ts'

/** No event is older: where looking back for one ends, also from a made-up cursor. */
const FIRST_MONTH = '2026-01'

/** Events of the domain, newest first. The cursor names a month and a place in it. */
export async function listEvents(
  ctx: Ctx,
  query: { readonly limit: number; readonly after?: string },
): Promise<{ readonly events: readonly CalendarEvent[]; readonly next?: string }> {
  const newest = monthOf(ctx.clock.now())
  const begun = query.after === undefined ? { month: newest } : readCursor(query.after, newest)
  let { month } = begun
  let cursor = begun.cursor
  const events: CalendarEvent[] = []
  while (month >= FIRST_MONTH) {
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

/** A month to come would be a long way back. */
function readCursor(text: string, newest: string): { readonly month: string; readonly cursor?: string } {
  const [month = '', ...rest] = text.split('~')
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month) || month > newest)
    throw CalendarEventFailure.bad_cursor('This cursor is not one of ours.')
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
