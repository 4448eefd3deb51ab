import { changeOf, reasonOf, warningsOf } from './change-of.ts'
import type { Components } from './components.ts'
import { type DecisionInput, emptySeries, hasComponents } from './decision-input.ts'
import type { OrganizerDecision, StoredSeries } from './decisions.ts'
import { mergeComponents } from './merge.ts'
import { buriedBy, isAfterCancel, seriesRevision } from './revision.ts'

/** REQUEST, PUBLISH, ADD, or no METHOD at all, from the right organizer. */
export function decideRequest({ components, uid, stored, occurrences, method }: DecisionInput): OrganizerDecision {
  const living = withoutBuried(components, stored)
  if (living === undefined) return { kind: 'ignored', reason: 'stale' }
  const isRecreation = stored?.status === 'cancelled'
  const before = stored === undefined || isRecreation ? emptySeries(uid) : stored.series
  const merged = mergeComponents(before, living, { isCancel: false, isAdd: method === 'ADD', occurrences })
  if (hasComponents(before)) return changeOf(before, merged)
  if (hasComponents(merged.series)) {
    return { kind: 'create', series: merged.series, isRecreation, warnings: warningsOf(merged) }
  }
  if (merged.series === before) return { kind: 'ignored', reason: reasonOf(merged) }
  // Only instances called off, and nothing known to call them off from.
  return { kind: 'tombstone', scope: 'instances', series: merged.series, revision: seriesRevision(merged.series) }
}

/** Undefined when a cancel buried them all. */
function withoutBuried(components: Components, stored: StoredSeries | undefined): Components | undefined {
  const cancel = buriedBy(stored)
  if (cancel === undefined) return components
  const instances = components.instances.filter((instance) => isAfterCancel(instance, cancel))
  const { master } = components
  const isMasterLiving = master !== undefined && isAfterCancel(master, cancel)
  if (!isMasterLiving && instances.length === 0) return undefined
  return { ...components, instances, master: isMasterLiving ? master : undefined }
}
