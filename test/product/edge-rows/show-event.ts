import type { CalendarTime, Vevent } from '#shared/icalendar/model.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { leadingVevent } from '#tenant-stack/core/invite-mail/invite-texts.ts'
import type { TestTenant } from '#test/harness/tenant/test-tenant.ts'

/** Every event of the tenant, oldest first. */
export async function eventsOf({ ctx }: TestTenant): Promise<readonly CalendarEvent[]> {
  const { events } = await listEvents(ctx, { limit: 100 })
  return events.toSorted((a, b) => a.eventId.localeCompare(b.eventId))
}

/** What a fixture may say of an event: its row and its stored series, flat. */
export async function showEvent({ ctx }: TestTenant, calendarEvent: CalendarEvent) {
  const content = await getContent(ctx, calendarEvent.seriesBlobKey)
  const { series } = content.stored
  const vevent = leadingVevent(content)
  const master = series.master
  return {
    subject: calendarEvent.subject,
    start: showTime(calendarEvent.dtstart),
    end: showTime(calendarEvent.dtend),
    allDay: calendarEvent.isAllDay,
    status: calendarEvent.status,
    sequence: calendarEvent.sequence,
    location: calendarEvent.location,
    description: vevent?.description ?? '',
    html: vevent?.descriptionHtml ?? '',
    organizer: `${calendarEvent.organizerName} <${calendarEvent.organizerAddress}>`,
    /** As the calendar's own ORGANIZER line was read. */
    organizerLine: `${vevent?.organizer?.name ?? ''} <${vevent?.organizer?.address ?? ''}>`,
    attendees: (vevent?.attendees ?? []).map(({ name = '', address }) => `${name} <${address}>`),
    guests: calendarEvent.otherAttendeeCount,
    displayZone: calendarEvent.displayZone ?? '',
    client: calendarEvent.client,
    rrules: master?.recurrence?.rrules ?? [],
    rdates: (master?.recurrence?.rdates ?? []).map(showTime),
    exdates: (master?.recurrence?.exdates ?? []).map(showTime),
    instances: series.overrides.map(showInstance),
    calledOff: series.cancelled.map(({ recurrenceKey }) => recurrenceKey),
    customZones: series.customZones.length,
    warnings: calendarEvent.warnings.toSorted(),
  }
}

/** `2027-03-05`, `2027-03-05T09:00:00Z`, `2027-03-05T10:00:00[Europe/Madrid]`, or without a zone when floating. */
function showTime(time: CalendarTime): string {
  switch (time.kind) {
    case 'date':
      return time.date
    case 'utc':
      return time.instant
    case 'floating':
      return time.local
    case 'zoned':
      return `${time.local}[${time.tzid}]`
  }
}

function showInstance({ recurrenceKey, dtstart, dtend, summary }: Vevent): string {
  return `${recurrenceKey ?? ''}: ${showTime(dtstart)} to ${showTime(dtend)} ${summary}`
}
