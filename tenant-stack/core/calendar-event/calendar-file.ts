import { writePublish } from '#shared/icalendar/write/write-publish.ts'
import type { Ctx } from '../context.ts'
import type { CalendarEvent } from './calendar-event.ts'
import { getContent } from './event-store.ts'

/**
 * An event as a file for any calendar (RFC 5545), under the UID of its invites: who was invited and takes it in as well has it once. Dates that were
 * called off are left out, an event that was is told as cancelled. Throws `calendar.nothing_to_write` when every date is called off.
 */
export async function calendarFile(ctx: Ctx, calendarEvent: CalendarEvent): Promise<string> {
  const { uid, sequence, dtstamp, status, organizerAddress, organizerName, seriesBlobKey } = calendarEvent
  const { sendable } = await getContent(ctx, seriesBlobKey)
  return writePublish({
    method: status === 'cancelled' ? 'CANCEL' : 'REQUEST',
    uid,
    sequence,
    dtstamp,
    series: sendable,
    organizer: { address: organizerAddress, name: organizerName },
  })
}
