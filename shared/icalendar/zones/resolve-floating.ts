import { instantFromMs } from '../civil.ts'
import { withContentHash } from '../content-hash.ts'
import type { CalendarTime, CustomZone, Vevent } from '../model.ts'
import { recurrenceKeyOf, toInstantMs, zonedTime } from '../times.ts'

/**
 * The VEVENT with its floating times read in `tzid`, an IANA name or one of `customZones` (case 14: the organizer's saved zone).
 * Unchanged when nothing floats. Throws when no zone is called so: the caller owns the setting.
 */
export function resolveFloating(vevent: Vevent, tzid: string, customZones: readonly CustomZone[] = []): Vevent {
  if (![vevent.dtstart, vevent.dtend, vevent.recurrenceId].some((time) => time?.kind === 'floating')) return vevent
  const inZone = (time: CalendarTime): CalendarTime => resolveTime(time, tzid, customZones)
  const recurrenceId = vevent.recurrenceId === undefined ? undefined : inZone(vevent.recurrenceId)
  const { recurrence } = vevent
  return withContentHash({
    ...vevent,
    dtstart: inZone(vevent.dtstart),
    dtend: inZone(vevent.dtend),
    ...(recurrenceId !== undefined && { recurrenceId, recurrenceKey: recurrenceKeyOf(recurrenceId) }),
    ...(recurrence !== undefined && {
      recurrence: {
        rrules: recurrence.rrules.map((rrule) => utcUntil(rrule, inZone)),
        rdates: recurrence.rdates.map(inZone),
        exdates: recurrence.exdates.map(inZone),
      },
    }),
  })
}

function resolveTime(time: CalendarTime, tzid: string, customZones: readonly CustomZone[]): CalendarTime {
  if (time.kind !== 'floating') return time
  if (tzid === 'UTC' || tzid === 'Etc/UTC') return { kind: 'utc', instant: `${time.local}Z` }
  const zoned = zonedTime(time.local, tzid, customZones)
  if (zoned === undefined) throw new Error(`no zone is called ${tzid}`)
  return zoned
}

/** RFC 5545 §3.3.10: UNTIL is local in a floating series, UTC in a zoned one. */
function utcUntil(rrule: string, inZone: (time: CalendarTime) => CalendarTime): string {
  return rrule.replace(
    /UNTIL=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?=;|$)/,
    (_, year: string, month: string, day: string, hour: string, minute: string, second: string) => {
      const time = inZone({ kind: 'floating', local: `${year}-${month}-${day}T${hour}:${minute}:${second}` })
      return `UNTIL=${instantFromMs(toInstantMs(time)).replaceAll(/[-:]/g, '')}`
    },
  )
}
