import type { Series } from '#shared/icalendar/model.ts'
import type { Components } from './components.ts'
import type { IncomingItip, StoredSeries } from './decisions.ts'
import type { Occurrences } from './occurrences.ts'

/** A mail of the right organizer, taken into its components: what the two halves of `decideOrganizer` decide by. */
export type DecisionInput = {
  readonly method: IncomingItip['method']
  readonly uid: string
  readonly components: Components
  readonly stored: StoredSeries | undefined
  readonly occurrences: Occurrences
}

export function emptySeries(uid: string): Series {
  return { uid, overrides: [], cancelled: [], customZones: [] }
}

/** False of a series that only remembers instances called off before it arrived. */
export function hasComponents(series: Series): boolean {
  return series.master !== undefined || series.overrides.length > 0
}
