import { localFromWallMs } from '../civil.ts'
import type { CalendarTime, CustomZone, RecurrenceKey, Series, Vevent } from '../model.ts'
import { alignTime, instantFromMs, toInstantMs, wallMsOfTime, withInstant } from '../times.ts'
import { CalendarFailure, type CalendarRevision } from './calendar-revision.ts'

/** One VEVENT to write: the content from `vevent`, and what the series makes of it. */
export type Component = {
  readonly vevent: Vevent
  /** In the form of the master's DTSTART. */
  readonly recurrenceId?: CalendarTime
  readonly rrules: readonly string[]
  readonly rdates: readonly CalendarTime[]
  readonly exdates: readonly CalendarTime[]
}

/** The VEVENTs of a revision: master and overrides, or naked instances, or (CANCEL of instances) those alone. */
export function componentsOf(revision: CalendarRevision): readonly Component[] {
  const components = chosen(revision)
  if (components.length === 0) throw CalendarFailure.nothing_to_write(`series ${revision.uid} has no instance to write`)
  return components
}

function chosen({ method, onlyRecurrenceKeys, series }: CalendarRevision): readonly Component[] {
  if (method === 'CANCEL' && onlyRecurrenceKeys !== undefined) {
    return onlyRecurrenceKeys.map((key) => cancelledInstance(series, key))
  }
  // RFC 5546 §3.2.5: a CANCEL without RECURRENCE-ID calls off every instance, overrides included.
  if (method === 'CANCEL') {
    return series.master === undefined ? series.overrides.map((each) => instance(series, each)) : [masterOf(series)]
  }
  const dead = deadKeys(series)
  const alive = series.overrides.filter((each) => !dead.has(each.recurrenceKey ?? ''))
  return [...(series.master === undefined ? [] : [masterOf(series)]), ...alive.map((each) => instance(series, each))]
}

function deadKeys(series: Series): ReadonlySet<RecurrenceKey> {
  const calledOff = series.overrides
    .filter((each) => each.status === 'CANCELLED')
    .map((each) => each.recurrenceKey ?? '')
  return new Set([...series.cancelled.map((each) => each.recurrenceKey), ...calledOff])
}

function masterOf(series: Series): Component {
  const { master } = series
  if (master === undefined) throw CalendarFailure.nothing_to_write('series has no master')
  const calledOff = series.overrides.filter((each) => each.status === 'CANCELLED')
  const gone = [...series.cancelled, ...calledOff].flatMap((each) => each.recurrenceId ?? [])
  const inForm = (time: CalendarTime) => inFormOf(master.dtstart, time, series.customZones)
  const exdates = [...(master.recurrence?.exdates ?? []), ...gone].map(inForm)
  return {
    vevent: master,
    rrules: master.recurrence?.rrules ?? [],
    rdates: (master.recurrence?.rdates ?? []).map(inForm),
    exdates: [...new Map(exdates.map((time) => [toInstantMs(time), time])).values()],
  }
}

function instance(series: Series, vevent: Vevent): Component {
  const { recurrenceId } = vevent
  const plain = { vevent, rrules: [], rdates: [], exdates: [] }
  return recurrenceId === undefined ? plain : { ...plain, recurrenceId: idInForm(series, recurrenceId) }
}

function idInForm({ master, customZones }: Series, recurrenceId: CalendarTime): CalendarTime {
  return master === undefined ? recurrenceId : inFormOf(master.dtstart, recurrenceId, customZones)
}

/** A called-off instance shows the times it had: its override's, else those its RECURRENCE-ID names. */
function cancelledInstance(series: Series, key: RecurrenceKey): Component {
  const override = series.overrides.find((each) => each.recurrenceKey === key)
  if (override !== undefined) return instance(series, override)
  const model = series.master ?? series.overrides[0]
  if (model === undefined) throw CalendarFailure.nothing_to_write('series is empty')
  const known = series.cancelled.find((each) => each.recurrenceKey === key)
  const recurrenceId = idInForm(series, known?.recurrenceId ?? timeOfKey(key))
  const lengthMs = toInstantMs(model.dtend) - toInstantMs(model.dtstart)
  const dtend = withInstant(recurrenceId, toInstantMs(recurrenceId) + lengthMs, series.customZones)
  return instance(series, { ...model, recurrenceId, recurrenceKey: key, dtstart: recurrenceId, dtend })
}

function timeOfKey(key: RecurrenceKey): CalendarTime {
  if (key.length === 10) return { kind: 'date', date: key }
  return key.endsWith('Z') ? { kind: 'utc', instant: key } : { kind: 'floating', local: key }
}

/** RFC 5545 §3.8.4.4: RECURRENCE-ID and EXDATE have the form of DTSTART, zone included; the instant stays. */
function inFormOf(dtstart: CalendarTime, time: CalendarTime, customZones: readonly CustomZone[]): CalendarTime {
  const aligned = alignTime(time, dtstart, customZones)
  switch (dtstart.kind) {
    case 'date':
      return aligned
    case 'zoned':
      return withInstant(dtstart, toInstantMs(aligned), customZones)
    case 'utc':
      return { kind: 'utc', instant: instantFromMs(toInstantMs(aligned)) }
    case 'floating':
      return { kind: 'floating', local: localFromWallMs(wallMsOfTime(aligned)) }
  }
}
