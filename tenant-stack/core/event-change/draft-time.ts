import type { TimeBody } from '#shared/contracts/events-api.ts'
import { DAY_MS } from '#shared/icalendar/civil.ts'
import type { CalendarTime } from '#shared/icalendar/model.ts'
import { parseDateValue } from '#shared/icalendar/read/date-value.ts'
import { readDuration } from '#shared/icalendar/read/ical-js.ts'
import { EVENT_DAYS_MAX } from '#shared/icalendar/read/limits.ts'
import {
  addDuration,
  compareTimes,
  instantFromMs,
  toInstantMs,
  wallMsOfTime,
  withInstant,
  withWall,
  zonedTime,
} from '#shared/icalendar/times.ts'
import { canonicalIana } from '#shared/icalendar/zones/iana-names.ts'
import type { Wrong } from './draft-wrong.ts'

/** Years a calendar client shows; further ones are slips of a key. */
const YEAR_MIN = 1970
const YEAR_MAX = 2199

/** A time as a request gives it; what is wrong with it is said at `path`. */
export function draftTime(input: TimeBody, path: string, wrong: Wrong): CalendarTime | undefined {
  const time = input.date === undefined ? timed(input, path, wrong) : day(input, path, wrong)
  if (time === undefined) return undefined
  const year = new Date(toInstantMs(time)).getUTCFullYear()
  return year >= YEAR_MIN && year <= YEAR_MAX ? time : wrong.at(path, `must lie in ${YEAR_MIN} to ${YEAR_MAX}`)
}

function day({ date = '', instant, local, time_zone }: TimeBody, path: string, wrong: Wrong): CalendarTime | undefined {
  if (instant !== undefined || local !== undefined || time_zone !== undefined)
    return wrong.at(path, 'a date has no time and no zone')
  const value = /^\d{4}-\d\d-\d\d$/.test(date) ? parseDateValue(date) : undefined
  return value?.kind === 'date' ? value : wrong.at(`${path}.date`, 'must be a day, YYYY-MM-DD')
}

function timed({ instant, local, time_zone }: TimeBody, path: string, wrong: Wrong): CalendarTime | undefined {
  const isUtc = time_zone !== undefined && /^(?:Etc\/)?UTC$/i.test(time_zone)
  const tzid = time_zone === undefined || isUtc ? undefined : canonicalIana(time_zone)
  if (time_zone !== undefined && !isUtc && tzid === undefined)
    return wrong.at(`${path}.time_zone`, 'must be an IANA time zone, for example Europe/Madrid')
  if (local !== undefined && time_zone === undefined)
    return wrong.at(`${path}.time_zone`, 'a local time needs its time zone')
  const ofInstant = instant === undefined ? undefined : instantOf(instant, path, wrong)
  if (instant !== undefined && ofInstant === undefined) return undefined
  if (local === undefined && ofInstant === undefined) return wrong.at(path, 'needs date, local or instant')
  const ofLocal = local === undefined ? undefined : localOf(local, tzid, path, wrong)
  if (local !== undefined && ofLocal === undefined) return undefined
  if (ofLocal !== undefined && ofInstant !== undefined && toInstantMs(ofLocal) !== toInstantMs(ofInstant))
    return wrong.at(path, 'local and instant are different times; give one')
  if (ofLocal !== undefined || ofInstant === undefined || tzid === undefined) return ofLocal ?? ofInstant
  const zoned: CalendarTime = { kind: 'zoned', local: '1970-01-01T00:00:00', tzid, instant: '1970-01-01T00:00:00Z' }
  return withInstant(zoned, toInstantMs(ofInstant))
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/

function localOf(local: string, tzid: string | undefined, path: string, wrong: Wrong): CalendarTime | undefined {
  const value = LOCAL.test(local) ? parseDateValue(local) : undefined
  if (value?.kind !== 'time') return wrong.at(`${path}.local`, 'must be a wall-clock time, YYYY-MM-DDTHH:MM:SS')
  if (tzid === undefined) return { kind: 'utc', instant: `${value.local}Z` }
  return zonedTime(value.local, tzid) ?? wrong.at(`${path}.time_zone`, 'must be an IANA time zone')
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

function instantOf(instant: string, path: string, wrong: Wrong): CalendarTime | undefined {
  const ms = INSTANT.test(instant) && parseDateValue(instant) !== undefined ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(ms)) return wrong.at(`${path}.instant`, 'must be an instant, YYYY-MM-DDTHH:MM:SSZ')
  return { kind: 'utc', instant: instantFromMs(ms) }
}

type Ending = { readonly end?: TimeBody | undefined; readonly duration?: string | undefined }
type Span = { readonly dtstart: CalendarTime; readonly dtend: CalendarTime }

/** The end of an event from `end` or `duration`, else as long as it was, else a day or nothing (RFC 5545 §3.6.1). */
export function draftEnd(
  dtstart: CalendarTime,
  { end, duration }: Ending,
  before: Span | undefined,
  wrong: Wrong,
): CalendarTime | undefined {
  if (end !== undefined) {
    const dtend = draftTime(end, 'end', wrong)
    if (dtend === undefined) return undefined
    if ((dtend.kind === 'date') !== (dtstart.kind === 'date'))
      return wrong.at('end', 'start and end must both be days or both be times')
    return checked(dtstart, dtend, 'end', wrong)
  }
  if (duration !== undefined) {
    const span = /^P[\dDTHMSW]+$/.test(duration) ? readDuration(duration) : undefined
    if (span === undefined || (dtstart.kind === 'date' && span.seconds % 86_400 !== 0))
      return wrong.at(
        'duration',
        dtstart.kind === 'date' ? 'must be whole days, as P1D' : 'must be a duration, as PT45M',
      )
    return checked(dtstart, addDuration(dtstart, span), 'duration', wrong)
  }
  if (before === undefined) return dtstart.kind === 'date' ? addDuration(dtstart, { days: 1, seconds: 0 }) : dtstart
  if ((before.dtstart.kind === 'date') !== (dtstart.kind === 'date'))
    return wrong.at('end', 'give end or duration when an event becomes all-day or gets a time')
  return asLong(dtstart, before)
}

/** As long on the wall clock as before, or exactly as long where it ends in another zone than it starts. */
function asLong(dtstart: CalendarTime, { dtstart: oldStart, dtend: oldEnd }: Span): CalendarTime {
  const isOneZone =
    oldStart.kind === oldEnd.kind &&
    (oldStart.kind !== 'zoned' || oldEnd.kind !== 'zoned' || oldStart.tzid === oldEnd.tzid)
  if (isOneZone) return withWall(dtstart, wallMsOfTime(dtstart) + wallMsOfTime(oldEnd) - wallMsOfTime(oldStart))
  return withInstant(oldEnd, toInstantMs(dtstart) + toInstantMs(oldEnd) - toInstantMs(oldStart))
}

function checked(dtstart: CalendarTime, dtend: CalendarTime, path: string, wrong: Wrong): CalendarTime | undefined {
  const length = compareTimes(dtend, dtstart)
  if (length < 0 || (length === 0 && dtstart.kind === 'date')) return wrong.at(path, 'must be after the start')
  return length > EVENT_DAYS_MAX * DAY_MS ? wrong.at(path, `must be within ${EVENT_DAYS_MAX} days of the start`) : dtend
}
