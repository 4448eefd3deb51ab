import type { Series, Vevent } from '#shared/icalendar/model.ts'
import { toInstantMs, withInstant } from '#shared/icalendar/times.ts'

/** The instance a cancel names, as the master describes it on that date. */
export function calledOffVevent(series: Series, recurrenceKey: string | undefined): Vevent | undefined {
  const { master } = series
  const called = series.cancelled.find((cancelled) => cancelled.recurrenceKey === recurrenceKey)
  if (master === undefined || called === undefined) return master ?? series.overrides[0]
  const dtstart = called.recurrenceId
  const lengthMs = toInstantMs(master.dtend) - toInstantMs(master.dtstart)
  const dtend = withInstant(dtstart, toInstantMs(dtstart) + lengthMs, series.customZones)
  return { ...master, dtstart, dtend }
}
