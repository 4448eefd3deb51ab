import { createHash } from 'node:crypto'
import type { Vevent } from './model.ts'

export type UnhashedVevent = Omit<Vevent, 'contentHash'>

/** The same VEVENT with its contentHash: over everything a recipient would see change, in one fixed order. */
export function withContentHash(vevent: UnhashedVevent): Vevent {
  const seen = [
    vevent.uid,
    vevent.recurrenceKey ?? null,
    vevent.isThisAndFuture ?? false,
    vevent.dtstart,
    vevent.dtend,
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
      : [vevent.recurrence.rrules, vevent.recurrence.rdates, vevent.recurrence.exdates],
    vevent.comment ?? null,
  ]
  return { ...vevent, contentHash: createHash('sha256').update(JSON.stringify(seen, sortedKeys)).digest('hex') }
}

/** Objects are written with sorted keys, so that it does not matter who built them. */
function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
