import type { CalendarWarning, CustomZone } from '../model.ts'
import { displayNameToIana, nameToIana, placesToIana } from './display-names.ts'
import { canonicalIana } from './iana-names.ts'
import { matchVtimezone, type Span } from './match-vtimezone.ts'
import { ianaOfOffset, offsetOfName, zoneOfOffset } from './offset-names.ts'
import { windowsToIana } from './windows-names.ts'

export type { Span } from './match-vtimezone.ts'

/** A VTIMEZONE as read: `location` is X-LIC-LOCATION, the IANA name that libical writes beside its own. */
export type Vtimezone = CustomZone & { readonly location?: string }

export type ResolvedZone =
  | { readonly kind: 'utc' }
  | { readonly kind: 'iana'; readonly tzid: string; readonly warning?: CalendarWarning }
  | { readonly kind: 'custom'; readonly zone: CustomZone; readonly warning: CalendarWarning }
  | { readonly kind: 'unknown' }

const UTC_NAMES =
  /^(?:UTC|GMT|UCT|Z|Zulu|Universal|Greenwich|Etc\/(?:UTC|GMT|UCT|Zulu|Universal|Greenwich|GMT[+-]?0))$/i

/**
 * What zone a TZID means (case 18): IANA, Windows, Lotus and Exchange names, the last parts of a path, then the rules the file
 * itself gives, then an offset in the name. A known name beats a VTIMEZONE, which is often wrong; a name that nothing explains is
 * 'unknown', never floating. `span` is what a VTIMEZONE must share with an IANA zone to be called by its name.
 */
export function resolveZone(tzid: string, vtimezone?: Vtimezone, span?: Span): ResolvedZone {
  const name = tzid
    .trim()
    .replaceAll(/^["']+|["']+$/g, '')
    .replace(/^TZID=/i, '')
    .trim()
  return (
    resolveName(name) ??
    (vtimezone?.location === undefined ? undefined : resolveName(vtimezone.location.trim())) ??
    resolveRules(vtimezone, span) ??
    resolveOffset(name) ?? { kind: 'unknown' }
  )
}

/** By the name alone; undefined when no table has it. */
function resolveName(name: string): ResolvedZone | undefined {
  if (UTC_NAMES.test(name) || /^tzone:\/\/Microsoft\/Utc$/i.test(name)) return { kind: 'utc' }
  const tzid =
    canonicalIana(name) ??
    windowsName(name) ??
    displayNameToIana(name) ??
    nameToIana(name) ??
    pathEnd(name) ??
    placesToIana(name)
  if (tzid === undefined) return undefined
  return UTC_NAMES.test(tzid) ? { kind: 'utc' } : { kind: 'iana', tzid }
}

/** Outlook numbers a zone it has changed (`Eastern Standard Time 1`), and some write the summer name. */
function windowsName(name: string): string | undefined {
  return (
    windowsToIana(name) ??
    windowsToIana(name.replace(/\s+\d{1,2}$/, '')) ??
    windowsToIana(name.replace(/\bDaylight Time$/i, 'Standard Time'))
  )
}

/** `/freeassociation.sourceforge.net/Tzfile/Europe/Berlin`, `/mozilla.org/20050126_1/America/Argentina/Ushuaia`, `/Europe/Rome`. */
function pathEnd(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '')
  if (parts.length < 2 || (parts.length === 2 && !name.startsWith('/'))) return undefined
  return canonicalIana(parts.slice(-3).join('/')) ?? canonicalIana(parts.slice(-2).join('/')) ?? utcEnd(parts)
}

function utcEnd(parts: readonly string[]): string | undefined {
  const last = parts.at(-1) ?? ''
  return UTC_NAMES.test(last) ? 'UTC' : undefined
}

function resolveRules(vtimezone: Vtimezone | undefined, span: Span | undefined): ResolvedZone | undefined {
  if (vtimezone === undefined || vtimezone.observances.length === 0) return undefined
  const match = span === undefined ? undefined : matchVtimezone(vtimezone, span)
  if (match === 'Etc/UTC') return { kind: 'utc' }
  if (match !== undefined) return { kind: 'iana', tzid: match, warning: 'zone_matched_by_rules' }
  return {
    kind: 'custom',
    zone: { tzid: vtimezone.tzid, observances: vtimezone.observances },
    warning: 'custom_zone',
  }
}

function resolveOffset(name: string): ResolvedZone | undefined {
  const offset = offsetOfName(name) ?? offsetOfName(/^\([^)]*\)/.exec(name)?.[0].replace('.', ':') ?? '')
  if (offset === undefined) return undefined
  if (offset === 0) return { kind: 'utc' }
  const tzid = ianaOfOffset(offset)
  if (tzid !== undefined) return { kind: 'iana', tzid, warning: 'zone_from_offset' }
  return { kind: 'custom', zone: zoneOfOffset(offset), warning: 'zone_from_offset' }
}
