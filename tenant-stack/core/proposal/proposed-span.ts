import type { CalendarTime, CustomZone, Series, Vevent } from '#shared/icalendar/model.ts'
import { alignTime, toInstantMs, withInstant, zonedTime } from '#shared/icalendar/times.ts'
import type { Span } from './proposal.ts'

/** When the event is now, or one date of its series; undefined when it has no such component. */
export function presentSpan(
  series: Series,
  recurrenceId: CalendarTime | undefined,
  recurrenceKey?: string,
): Span | undefined {
  const { master, overrides, customZones } = series
  const changed = overrides.find((override) => override.recurrenceKey === recurrenceKey)
  if (recurrenceKey === undefined) return spanOf(master ?? overrides[0])
  if (changed !== undefined) return spanOf(changed)
  if (master === undefined || recurrenceId === undefined) return undefined
  const dtstart = dateOfSeries(series, recurrenceId)
  const lengthMs = toInstantMs(master.dtend) - toInstantMs(master.dtstart)
  return { dtstart, dtend: withInstant(dtstart, toInstantMs(dtstart) + lengthMs, customZones) }
}

/** A RECURRENCE-ID as the series writes its dates, whatever zone a client wrote it in. */
export function dateOfSeries({ master, customZones }: Series, recurrenceId: CalendarTime): CalendarTime {
  if (master === undefined) return recurrenceId
  return likeTime(master.dtstart, alignTime(recurrenceId, master.dtstart, customZones), customZones)
}

/**
 * A proposed time as the event would be written: in its own zone, for clients propose in UTC. One without a zone is meant on the event's clock,
 * and one without an end lasts as long as the event.
 */
export function proposedSpan(present: Span, proposed: Span, customZones: readonly CustomZone[]): Span {
  const dtstart = likeTime(present.dtstart, proposed.dtstart, customZones)
  const lengthMs = toInstantMs(proposed.dtend) - toInstantMs(proposed.dtstart)
  if (lengthMs > 0) return { dtstart, dtend: likeTime(present.dtstart, proposed.dtend, customZones) }
  const presentMs = toInstantMs(present.dtend) - toInstantMs(present.dtstart)
  return { dtstart, dtend: withInstant(dtstart, toInstantMs(dtstart) + presentMs, customZones) }
}

function likeTime(model: CalendarTime, time: CalendarTime, customZones: readonly CustomZone[]): CalendarTime {
  if (time.kind === 'date') return time
  if (time.kind === 'floating')
    return model.kind === 'zoned' ? (zonedTime(time.local, model.tzid, customZones) ?? time) : time
  // A zone that only the proposal explains stays behind: its instant says the same.
  if (model.kind !== 'zoned') return { kind: 'utc', instant: time.instant }
  return withInstant(model, toInstantMs(time), customZones)
}

function spanOf(vevent: Vevent | undefined): Span | undefined {
  return vevent === undefined ? undefined : { dtstart: vevent.dtstart, dtend: vevent.dtend }
}
