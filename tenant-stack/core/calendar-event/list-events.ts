import type { Ctx } from '../context.ts'
import { CalendarEvent, eventKey } from './calendar-event.ts'
import { type EventFilter, listIndex } from './list-index.ts'

/** As many as a page of the table may be asked for by key. */
const LIMIT_MAX = 100

/** Events of the domain or of an organizer, newest first unless asked otherwise. */
export async function listEvents(
  ctx: Ctx,
  query: EventFilter & { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly events: readonly CalendarEvent[]; readonly next?: string }> {
  const { rows, next } = await listIndex(ctx, query)
  const events = new Map<string, CalendarEvent>()
  for (let at = 0; at < rows.length; at += LIMIT_MAX) {
    const keys = rows.slice(at, at + LIMIT_MAX).map(({ eventId }) => eventKey(eventId))
    for (const item of await ctx.table.getMany(keys)) {
      const calendarEvent = CalendarEvent.parse(item)
      events.set(calendarEvent.eventId, calendarEvent)
    }
  }
  return {
    events: rows.flatMap(({ eventId }) => events.get(eventId) ?? []),
    ...(next === undefined ? {} : { next }),
  }
}
