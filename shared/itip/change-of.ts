import type { Series } from '#shared/icalendar/model.ts'
import type { ItipWarning, OrganizerDecision, OrganizerIgnored } from './decisions.ts'
import { seriesDifference } from './difference.ts'
import type { Merged } from './merge.ts'
import type { Verdict } from './merge-instance.ts'
import { seriesRevision } from './revision.ts'

/** What a mail about stored components comes to. */
export function changeOf(before: Series, merged: Merged): OrganizerDecision {
  const { series } = merged
  if (series === before) return { kind: 'ignored', reason: reasonOf(merged) }
  const calledOff = merged.instances.filter(({ verdict }) => verdict === 'cancelled')
  const difference = seriesDifference(before, series)
  const isOnlyInstances = difference.changed.every((property) => property === 'instances')
  const isOtherInstanceTaken = merged.instances.some(({ verdict }) => isApplied(verdict))
  // The master may have come along unchanged: attendees need to hear of the instances alone.
  if (calledOff.length > 0 && isOnlyInstances && !isOtherInstanceTaken) {
    const recurrenceKeys = calledOff.map(({ recurrenceKey }) => recurrenceKey)
    return { kind: 'cancel_instances', series, recurrenceKeys }
  }
  if (difference.changed.length === 0) {
    const reason = isOtherInstanceTaken || isApplied(merged.master) ? 'no_change' : reasonOf(merged)
    return { kind: 'ignored', reason, quietly: { series, revision: seriesRevision(series) } }
  }
  return {
    kind: 'update',
    series,
    changed: difference.changed,
    resetsAnswers: difference.resetsAnswers,
    ...(difference.instancesReset.length > 0 && { instancesReset: difference.instancesReset }),
    warnings: warningsOf(merged),
  }
}

function isApplied(verdict: Verdict | undefined): boolean {
  return verdict === 'applied' || verdict === 'applied_same_revision'
}

/** One reason for a mail of which nothing was taken: the master speaks for it, else the instances' gravest. */
export function reasonOf(merged: Merged): OrganizerIgnored {
  if (merged.master === 'stale') return 'stale'
  if (merged.master === 'same') return 'duplicate'
  const found = new Set(merged.instances.map(({ verdict }) => verdict))
  if (found.has('stale')) return 'stale'
  if (found.has('not_an_occurrence')) return 'not_an_occurrence'
  return found.has('already_cancelled') ? 'already_cancelled' : 'duplicate'
}

export function warningsOf(merged: Merged): readonly ItipWarning[] {
  const found = new Set(merged.instances.map(({ verdict }) => verdict))
  const rows: [ItipWarning, boolean][] = [
    ['same_revision_other_content', merged.master === 'applied_same_revision' || found.has('applied_same_revision')],
    ['older_master_skipped', merged.master === 'stale'],
    ['older_instance_skipped', found.has('stale')],
    ['instance_not_an_occurrence', found.has('not_an_occurrence')],
  ]
  return rows.filter(([, holds]) => holds).map(([warning]) => warning)
}
