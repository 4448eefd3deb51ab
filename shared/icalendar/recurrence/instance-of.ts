import type { CalendarTime, CustomZone, RecurrenceKey, Vevent } from '../model.ts'
import { recurrenceKeyOf, toInstantMs, wallMsOfTime, withInstant, withWall } from '../times.ts'

/** One instance of a series. `vevent` says what it shows: an override, or the master moved to this instance's time. */
export type Instance = {
  readonly recurrenceKey: RecurrenceKey
  readonly recurrenceId: CalendarTime
  readonly dtstart: CalendarTime
  readonly dtend: CalendarTime
  readonly isOverride: boolean
  readonly vevent: Vevent
}

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
