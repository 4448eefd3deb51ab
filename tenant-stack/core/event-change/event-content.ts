import type { Series, Vevent } from '#shared/icalendar/model.ts'
import { instantFromMs } from '#shared/icalendar/times.ts'
import type { StoredSeries } from '#shared/itip/decisions.ts'
import { askTwice } from '../ask-twice.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { putContent } from '../calendar-event/event-store.ts'
import { clip } from '../clip.ts'
import type { Ctx } from '../context.ts'
import { isOwnAddress, normalizeAddress } from '../mailbox/mailbox.ts'
import { lastStartOf } from './last-start.ts'

/** Stores what an event says now and tells where; undefined when its recurrence cannot be sent within the budget. */
export async function storeContent(
  ctx: Ctx,
  input: { readonly eventId: string; readonly stored: StoredSeries },
): Promise<string | undefined> {
  const sendable = await askTwice(() => ctx.reader.sendable(input.stored.series))
  if (sendable.kind !== 'done') return undefined
  return putContent(ctx, input.eventId, { stored: input.stored, sendable: sendable.value })
}

/** The fields of an event's row that its series fills. */
export function summaryOf(
  ctx: Ctx,
  series: Series,
  organizerAddress: string,
):
  | Pick<
      CalendarEvent,
      'subject' | 'dtstart' | 'dtend' | 'lastStartsAt' | 'isAllDay' | 'rrules' | 'location' | 'otherAttendeeCount'
    >
  | undefined {
  const vevent = leading(series)
  if (vevent === undefined) return undefined
  return {
    subject: clip(vevent.summary, 1000),
    dtstart: vevent.dtstart,
    dtend: vevent.dtend,
    lastStartsAt: lastStartOf(series),
    isAllDay: vevent.isAllDay,
    rrules: [...(vevent.recurrence?.rrules ?? [])],
    location: clip(vevent.location ?? '', 1000),
    otherAttendeeCount: otherAttendees(ctx, vevent, organizerAddress),
  }
}

/** Calendars list the organizer among the attendees, and us: neither is a guest. */
function otherAttendees(ctx: Ctx, vevent: Vevent, organizerAddress: string): number {
  const organizers = [organizerAddress, normalizeAddress(vevent.organizer?.address ?? '')].filter(Boolean)
  const isOther = ({ address }: { readonly address: string }) =>
    !isOwnAddress(ctx.settings, address) && !organizers.includes(normalizeAddress(address))
  return vevent.attendeeCount - vevent.attendees.length + vevent.attendees.filter(isOther).length
}

function leading(series: Series): Vevent | undefined {
  return series.master ?? series.overrides[0]
}

/** A new revision's DTSTAMP: now, yet later than the one before even within one second (RFC 5546 §2.1.5 breaks ties by it). */
export function nextDtstamp(ctx: Ctx, previous: string | undefined): string {
  const now = Math.floor(ctx.clock.now() / 1000) * 1000
  const after = previous === undefined ? 0 : Date.parse(previous) + 1000
  return instantFromMs(Math.max(now, after))
}

/** The IANA zone a series is written in: what the organizer's floating times will be read in. */
export function zoneOf(stored: StoredSeries): { readonly zone?: string } {
  const { series } = stored
  const dtstart = leading(series)?.dtstart
  if (dtstart?.kind !== 'zoned' || series.customZones.some((zone) => zone.tzid === dtstart.tzid)) return {}
  return { zone: dtstart.tzid }
}
