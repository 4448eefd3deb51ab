import { DAY_MS, isWritableMs } from '../civil.ts'
import type { CalendarTime } from '../model.ts'
import { addDuration, compareTimes, toInstantMs, wallMsOfTime, withInstant, withWall } from '../times.ts'
import type { CalendarContext } from './calendar-context.ts'
import type { RawComponent, RawLine } from './components.ts'
import { readDuration } from './ical-js.ts'
import { EVENT_DAYS_MAX } from './limits.ts'
import { firstLine, readProperty } from './property.ts'
import { dayOfWall, isMidnight, readTime } from './read-time.ts'

export type VeventSpan = { readonly dtstart: CalendarTime; readonly dtend: CalendarTime; readonly isAllDay: boolean }

const ALL_DAY_MARKS = ['X-MICROSOFT-CDO-ALLDAYEVENT', 'X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT', 'X-FUNAMBOL-ALLDAY']

/** DTEND by DTEND, DURATION or default (cases 15-17), given a readable DTSTART. */
export function readSpan(component: RawComponent, dtstart: CalendarTime, ctx: CalendarContext): VeventSpan {
  const end = readEnd(component, dtstart, ctx)
  if (dtstart.kind !== 'date' && hasAllDayMark(component)) {
    const days = asDays(dtstart, end ?? addDuration(dtstart, { days: 1, seconds: 0 }, ctx.zones.customZones()), ctx)
    if (days !== undefined) return { ...days, isAllDay: true }
  }
  const dtend = clampEnd(dtstart, end, ctx)
  return { dtstart, dtend, isAllDay: dtstart.kind === 'date' }
}

function readEnd(component: RawComponent, dtstart: CalendarTime, ctx: CalendarContext): CalendarTime | undefined {
  const zones = ctx.zones.customZones()
  const dtend = firstLine(component, 'DTEND', () => ctx.warn('repeated_property'))
  const duration = firstLine(component, 'DURATION', () => ctx.warn('repeated_property'))
  if (dtend !== undefined && duration !== undefined) ctx.warn('repeated_property')
  if (dtend !== undefined) return readDtend(dtend, dtstart, ctx)
  if (duration === undefined) return undefined
  const span = readDuration(readProperty(duration).value)
  if (span === undefined) ctx.warn('bad_property')
  return span === undefined ? undefined : addDuration(dtstart, span, zones)
}

/** DTEND in DTSTART's kind; its own zone is kept (a flight ends elsewhere). */
function readDtend(line: RawLine, dtstart: CalendarTime, ctx: CalendarContext): CalendarTime | undefined {
  const read = readTime(readProperty(line), ctx)
  if (read.kind !== 'time') {
    ctx.warn('bad_property')
    return undefined
  }
  return inKindOf(dtstart, read.time, ctx)
}

function inKindOf(dtstart: CalendarTime, end: CalendarTime, ctx: CalendarContext): CalendarTime {
  if (dtstart.kind === end.kind) return end
  const zones = ctx.zones.customZones()
  if (dtstart.kind === 'date') {
    // A time of day on the last day means that this day is still part of the event.
    const wallMs = wallMsOfTime(end)
    return dayOfWall(isMidnight(wallMs) ? wallMs : wallMs + DAY_MS)
  }
  const isOnWall = dtstart.kind === 'floating' || end.kind === 'date' || end.kind === 'floating'
  return isOnWall ? withWall(dtstart, wallMsOfTime(end), zones) : withInstant(dtstart, toInstantMs(end), zones)
}

/** Never before the start, never longer than EVENT_DAYS_MAX; a DATE event lasts at least its day. */
function clampEnd(dtstart: CalendarTime, end: CalendarTime | undefined, ctx: CalendarContext): CalendarTime {
  const least = dtstart.kind === 'date' ? addDuration(dtstart, { days: 1, seconds: 0 }) : dtstart
  if (end === undefined) return least
  const length = compareTimes(end, dtstart)
  if (length < 0 || (length === 0 && dtstart.kind === 'date')) {
    ctx.warn('end_before_start')
    return least
  }
  if (length <= EVENT_DAYS_MAX * DAY_MS && isWritableMs(toInstantMs(end))) return end
  ctx.warn('bad_property')
  return addDuration(dtstart, { days: EVENT_DAYS_MAX, seconds: 0 }, ctx.zones.customZones())
}

function hasAllDayMark(component: RawComponent): boolean {
  return component.lines.some(
    (line) => ALL_DAY_MARKS.includes(line.name) && /^(?:TRUE|1)$/i.test(readProperty(line).value.trim()),
  )
}

/**
 * Outlook writes an all-day event as midnight to midnight with a mark (case 16), sometimes in UTC: then the midnights are those of
 * the calendar's zone, or at least the nearest ones. Undefined when the times are not whole days, whatever the mark says.
 */
function asDays(
  dtstart: CalendarTime,
  dtend: CalendarTime,
  ctx: CalendarContext,
): Pick<VeventSpan, 'dtstart' | 'dtend'> | undefined {
  const startMs = wallInHomeZone(dtstart, ctx)
  const endMs = wallInHomeZone(dtend, ctx)
  const length = Math.round((endMs - startMs) / DAY_MS) * DAY_MS
  const isWhole = Math.abs(endMs - startMs - length) <= DAY_MS / 24 && length > 0 && length <= EVENT_DAYS_MAX * DAY_MS
  if (!isWhole || (dtstart.kind !== 'utc' && !isMidnight(startMs))) return undefined
  const firstMs = isMidnight(startMs) ? startMs : startMs + DAY_MS / 2
  const first = dayOfWall(firstMs)
  return { dtstart: first, dtend: dayOfWall(wallMsOfTime(first) + length) }
}

function wallInHomeZone(time: CalendarTime, ctx: CalendarContext): number {
  const onlyTzid = time.kind === 'utc' ? ctx.zones.onlyTzid() : undefined
  const zone = onlyTzid === undefined ? undefined : ctx.zones.resolve(onlyTzid)
  if (zone === undefined || (zone.kind !== 'iana' && zone.kind !== 'custom')) return wallMsOfTime(time)
  const tzid = zone.kind === 'iana' ? zone.tzid : zone.zone.tzid
  const home: CalendarTime = { kind: 'zoned', local: '1970-01-01T00:00:00', tzid, instant: '1970-01-01T00:00:00Z' }
  return wallMsOfTime(withInstant(home, toInstantMs(time), ctx.zones.customZones()))
}
