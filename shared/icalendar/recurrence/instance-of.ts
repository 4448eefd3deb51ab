import type { CalendarTime, CustomZone, Vevent } from '../model.ts'
import { recurrenceKeyOf, toInstantMs, wallMsOfTime, withInstant, withWall } from '../times.ts'
import type { Instance } from './expand-series.ts'

/** The master moved to one of its slots. A DATE or floating span keeps its wall length, a zoned one its exact length. */
export function instanceOf(master: Vevent, dtstart: CalendarTime, customZones: readonly CustomZone[]): Instance {
  const isWall = dtstart.kind === 'date' || dtstart.kind === 'floating'
  const dtend = isWall
    ? withWall(dtstart, wallMsOfTime(dtstart) + wallMsOfTime(master.dtend) - wallMsOfTime(master.dtstart))
    : withInstant(
        master.dtend,
        toInstantMs(dtstart) + toInstantMs(master.dtend) - toInstantMs(master.dtstart),
        customZones,
      )
  return {
    recurrenceKey: recurrenceKeyOf(dtstart),
    recurrenceId: dtstart,
    dtstart,
    dtend,
    isOverride: false,
    vevent: master,
  }
}
