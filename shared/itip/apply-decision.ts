import type { OrganizerDecision, Revision, StoredSeries, Who } from './decisions.ts'
import { buriedBy, seriesRevision } from './revision.ts'

/**
 * The stored series after a decision of `decideOrganizer`: the only way to make one, so that every caller stores the same. Returns
 * `stored` itself when there is nothing to write (undefined when nothing is stored and nothing is to be).
 */
export function applyDecision(
  stored: StoredSeries | undefined,
  decision: OrganizerDecision,
  who: Who,
): StoredSeries | undefined {
  const organizerAddress = stored?.organizerAddress ?? who.address.toLowerCase()
  const keep = (status: StoredSeries['status'], series: StoredSeries['series'], revision: Revision): StoredSeries => {
    const lastCancel = status === 'confirmed' ? buriedBy(stored) : undefined
    return { series, status, organizerAddress, ...revision, ...(lastCancel !== undefined && { lastCancel }) }
  }
  switch (decision.kind) {
    case 'create':
    case 'update':
    case 'cancel_instances':
      return keep('confirmed', decision.series, seriesRevision(decision.series))
    case 'cancel':
      return keep('cancelled', decision.series, decision.revision)
    case 'tombstone':
      return keep(decision.scope === 'series' ? 'cancelled' : 'confirmed', decision.series, decision.revision)
    case 'ignored': {
      if (decision.quietly === undefined || stored === undefined) return stored
      return keep(stored.status, decision.quietly.series, decision.quietly.revision)
    }
    case 'refused':
      return stored
  }
}
