import type { CalendarObject } from '#shared/icalendar/model.ts'
import type { IncomingItip } from './decisions.ts'

/**
 * One group per (METHOD, UID), in the mail's order: RFC 5546 §3.2 wants one UID per mail, but people attach several events.
 * A calendar without VEVENT becomes a group with UID '' that is refused with its reason.
 */
export function incomingItips(calendars: readonly CalendarObject[]): readonly IncomingItip[] {
  const groups = new Map<string, IncomingItip>()
  for (const calendar of calendars) {
    const uids = new Set(calendar.vevents.map((vevent) => vevent.uid))
    for (const uid of uids.size === 0 ? [''] : uids) {
      const key = `${calendar.method ?? ''}\n${uid}`
      groups.set(key, joined(groups.get(key), calendar, uid))
    }
  }
  return [...groups.values()]
}

function joined(group: IncomingItip | undefined, calendar: CalendarObject, uid: string): IncomingItip {
  return {
    method: calendar.method,
    uid,
    vevents: [...(group?.vevents ?? []), ...calendar.vevents.filter((vevent) => vevent.uid === uid)],
    customZones: [...(group?.customZones ?? []), ...calendar.customZones],
    warnings: [...new Set([...(group?.warnings ?? []), ...calendar.warnings])],
    otherComponents: [...new Set([...(group?.otherComponents ?? []), ...calendar.otherComponents])],
  }
}
