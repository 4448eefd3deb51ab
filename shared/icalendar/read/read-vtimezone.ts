import type { LocalDateTime, Observance } from '../model.ts'
import type { Vtimezone } from '../zones/resolve-zone.ts'
import type { RawComponent } from './components.ts'
import { parseDateValue, parseUtcOffset } from './date-value.ts'
import { OBSERVANCES_MAX } from './limits.ts'
import { firstLine, readProperty } from './property.ts'

/** A VTIMEZONE component (RFC 5545 §3.6.5); observances without a readable TZOFFSETTO are left out. */
export function readVtimezone(component: RawComponent): Vtimezone | undefined {
  const tzid = valueIn(component, 'TZID')
  if (tzid === undefined) return undefined
  const location = valueIn(component, 'X-LIC-LOCATION')
  const observances = component.children
    .slice(0, OBSERVANCES_MAX)
    .map(readObservance)
    .filter((observance) => observance !== undefined)
  return { tzid, observances, ...(location !== undefined && { location }) }
}

function readObservance(component: RawComponent): Observance | undefined {
  const offsetToSeconds = parseUtcOffset(valueIn(component, 'TZOFFSETTO') ?? '')
  if (offsetToSeconds === undefined || (component.name !== 'STANDARD' && component.name !== 'DAYLIGHT'))
    return undefined
  const rrule = valueIn(component, 'RRULE')?.toUpperCase().replaceAll(/\s/g, '')
  const name = valueIn(component, 'TZNAME')
  const rdates = readRdates(component)
  return {
    kind: component.name === 'STANDARD' ? 'standard' : 'daylight',
    start: localOf(valueIn(component, 'DTSTART') ?? '') ?? '1970-01-01T00:00:00',
    offsetFromSeconds: parseUtcOffset(valueIn(component, 'TZOFFSETFROM') ?? '') ?? offsetToSeconds,
    offsetToSeconds,
    ...(rrule !== undefined && rrule !== '' && { rrule }),
    ...(rdates.length > 0 && { rdates }),
    ...(name !== undefined && name !== '' && { name: name.slice(0, 64) }),
  }
}

function readRdates(component: RawComponent): readonly LocalDateTime[] {
  return component.lines
    .filter((line) => line.name === 'RDATE')
    .flatMap((line) => readProperty(line).value.split(',', OBSERVANCES_MAX))
    .slice(0, OBSERVANCES_MAX)
    .map((text) => localOf(text.split('/')[0] ?? ''))
    .filter((local) => local !== undefined)
}

/** Onsets are local times; a stray Z is ignored, as every client does. */
function localOf(text: string): LocalDateTime | undefined {
  const value = parseDateValue(text)
  if (value === undefined) return undefined
  return value.kind === 'date' ? `${value.date}T00:00:00` : value.local
}

function valueIn(component: RawComponent, name: string): string | undefined {
  const line = firstLine(component, name)
  return line === undefined ? undefined : readProperty(line).value.trim()
}
