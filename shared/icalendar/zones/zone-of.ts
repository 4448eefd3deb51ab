import type { CustomZone } from '../model.ts'
import { customRules } from './custom-rules.ts'
import { ianaRules } from './iana-rules.ts'
import type { ZoneRules } from './zone-rules.ts'

/** Rules of a resolved `tzid`: one of the calendar's own custom zones, else an IANA name; undefined when neither. */
export function zoneRulesOf(tzid: string, customZones: readonly CustomZone[] = []): ZoneRules | undefined {
  const custom = customZones.find((zone) => zone.tzid === tzid)
  return custom === undefined ? ianaRules(tzid) : customRules(custom)
}
