import type { DashboardSettings } from '../state/double-context.ts'
import type { Unit } from '../state/unit.ts'

/** A unit of work with what the seller set in the Dashboard. */
export type Money = {
  readonly unit: Unit
  readonly settings: DashboardSettings
  readonly baseUrl: string
}
