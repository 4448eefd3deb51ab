import { holdRules } from './hold-rules.ts'
import type { LicenceEventKind } from './licence-event.ts'
import type { RulesOf } from './licence-guards.ts'
import { periodRules } from './period-rules.ts'
import { saleRules } from './sale-rules.ts'

/** The whole machine: what may happen to a licence, from which state, by whom, on which conditions, and what it then is. */
export const licenceRules: RulesOf<LicenceEventKind> = { ...saleRules, ...periodRules, ...holdRules }
