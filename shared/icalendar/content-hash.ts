import { hash } from 'node:crypto'
import type { CalendarTime, Vevent } from './model.ts'

export type UnhashedVevent = Omit<Vevent, 'contentHash'>

/** The same VEVENT with its contentHash: over everything a recipient would see change, in one fixed order. */
export function withContentHash(vevent: UnhashedVevent): Vevent {
  const seen = [
    vevent.uid,
    vevent.recurrenceKey ?? null,
    vevent.isThisAndFuture ?? false,
    ordered(vevent.dtstart),
    ordered(vevent.dtend),
    vevent.isAllDay,
    vevent.summary,
    vevent.location ?? null,
    vevent.description ?? null,
    vevent.descriptionHtml ?? null,
    vevent.url ?? null,
    vevent.status,
    vevent.transp,
    vevent.organizer?.address ?? null,
    vevent.organizer?.name ?? null,
    vevent.recurrence === undefined
      ? null
      : [vevent.recurrence.rrules, vevent.recurrence.rdates.map(ordered), vevent.recurrence.exdates.map(ordered)],
    vevent.comment ?? null,
  ]
  return { ...vevent, contentHash: hash('sha256', JSON.stringify(seen), 'hex') }
}

/** Keys in one order, by the alphabet, so that it does not matter who built the object. */
function ordered(time: CalendarTime): CalendarTime {
  switch (time.kind) {
    case 'date':
      return { date: time.date, kind: time.kind }
    case 'utc':
      return { instant: time.instant, kind: time.kind }
    case 'zoned':
      return { instant: time.instant, kind: time.kind, local: time.local, tzid: time.tzid }
    case 'floating':
      return { kind: time.kind, local: time.local }
  }
}
