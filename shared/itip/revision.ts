import type { Series, Vevent } from '#shared/icalendar/model.ts'
import { compareRevision } from '#shared/icalendar/times.ts'
import type { Revision, StoredSeries } from './decisions.ts'

const NO_REVISION: Revision = { sequence: 0, dtstamp: '' }

export function revisionOf(component: Revision): Revision {
  return { sequence: component.sequence, dtstamp: component.dtstamp }
}

export function laterOf(a: Revision, b: Revision): Revision {
  return revisionOf(compareRevision(a, b) >= 0 ? a : b)
}

/** The master's; of naked instances the highest. Depends on the state alone, so any order of arrival ends in the same one. */
export function seriesRevision(series: Series): Revision {
  if (series.master !== undefined) return revisionOf(series.master)
  return [...series.overrides, ...series.cancelled].reduce<Revision>(laterOf, NO_REVISION)
}

/** The cancel that a component must be newer than to count. */
export function buriedBy(stored: StoredSeries | undefined): Revision | undefined {
  return stored?.status === 'cancelled' ? revisionOf(stored) : stored?.lastCancel
}

/**
 * Whether a component was written after a cancel of its series. A newer DTSTAMP suffices, for a re-created event may start again at
 * SEQUENCE 0; an instance's SEQUENCE says nothing, because it counts apart from the master's (RFC 5546 §2.1.5).
 */
export function isAfterCancel(vevent: Vevent, cancel: Revision | undefined): boolean {
  if (cancel === undefined || vevent.dtstamp > cancel.dtstamp) return true
  return vevent.recurrenceKey === undefined && vevent.sequence > cancel.sequence
}

/** A CANCEL without SEQUENCE is ordered by DTSTAMP alone: RFC 5546 §3.2.5 demands one, some clients forget it. */
export function cancelRevision(vevent: Vevent, against: Revision | undefined): Revision {
  if (vevent.hasSequence || against === undefined) return revisionOf(vevent)
  return { sequence: Math.max(vevent.sequence, against.sequence), dtstamp: vevent.dtstamp }
}
