import type { Vevent } from '#shared/icalendar/model.ts'
import { compareRevision } from '#shared/icalendar/times.ts'
import { changeOf } from './change-of.ts'
import { type DecisionInput, emptySeries, hasComponents } from './decision-input.ts'
import type { OrganizerDecision, Revision, StoredSeries } from './decisions.ts'
import { mergeComponents } from './merge.ts'
import { cancelRevision, isAfterCancel, laterOf, revisionOf, seriesRevision } from './revision.ts'

/** CANCEL, or STATUS:CANCELLED on a master: of the series when a component has no RECURRENCE-ID, else of those instances (row 42). */
export function decideCancel(input: DecisionInput): OrganizerDecision {
  const { master } = input.components
  return master === undefined ? cancelInstances(input) : cancelSeries(input, master)
}

function cancelSeries({ uid, stored }: DecisionInput, master: Vevent): OrganizerDecision {
  if (stored === undefined) {
    return { kind: 'tombstone', scope: 'series', series: emptySeries(uid), revision: revisionOf(master) }
  }
  const revision = cancelRevision(master, stored)
  if (stored.status === 'cancelled') return alreadyCancelled(stored, revision)
  // A late copy of the cancel before a re-creation must not cancel the re-created event.
  if (!isAfterCancel(master, stored.lastCancel)) return { kind: 'ignored', reason: 'already_cancelled' }
  if (!reaches(stored, revision)) return { kind: 'ignored', reason: 'stale' }
  const raised = laterOf(revision, stored)
  return hasComponents(stored.series)
    ? { kind: 'cancel', series: stored.series, revision: raised }
    : { kind: 'tombstone', scope: 'series', series: stored.series, revision: raised }
}

/** At equal revisions the cancel wins, so that both orders of arrival end cancelled. */
function reaches(stored: StoredSeries, revision: Revision): boolean {
  // An instance's SEQUENCE counts apart from its series', so without a master the DTSTAMP may decide alone.
  const isNaked = stored.series.master === undefined
  return compareRevision(revision, stored) >= 0 || (isNaked && revision.dtstamp >= stored.dtstamp)
}

function alreadyCancelled(stored: StoredSeries, revision: Revision): OrganizerDecision {
  if (compareRevision(revision, stored) <= 0) return { kind: 'ignored', reason: 'already_cancelled' }
  return { kind: 'ignored', reason: 'already_cancelled', quietly: { series: stored.series, revision } }
}

function cancelInstances({ components, uid, stored, occurrences }: DecisionInput): OrganizerDecision {
  if (stored?.status === 'cancelled') return { kind: 'ignored', reason: 'already_cancelled' }
  const before = stored?.series ?? emptySeries(uid)
  const instances = components.instances.filter((instance) => isAfterCancel(instance, stored?.lastCancel))
  const options = { isCancel: true, isAdd: false, occurrences }
  const merged = mergeComponents(before, { ...components, instances, master: undefined }, options)
  const only = instances[0]
  const isCalledOff = merged.instances.some(({ verdict }) => verdict === 'cancelled')
  if (stored?.series.master !== undefined && !isRecurring(stored.series.master) && only !== undefined && isCalledOff) {
    // Some clients name the one instance of a single event when they call the event off.
    return { kind: 'cancel', series: before, revision: laterOf(cancelRevision(only, stored), stored) }
  }
  if (hasComponents(before) || merged.series === before) return changeOf(before, merged)
  return { kind: 'tombstone', scope: 'instances', series: merged.series, revision: seriesRevision(merged.series) }
}

function isRecurring({ recurrence }: Vevent): boolean {
  return recurrence !== undefined && recurrence.rrules.length + recurrence.rdates.length > 0
}
