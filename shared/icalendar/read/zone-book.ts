import { createHash } from 'node:crypto'
import type { CalendarWarning, CustomZone } from '../model.ts'
import { type ResolvedZone, resolveZone, type Span, type Vtimezone } from '../zones/resolve-zone.ts'
import type { RawComponent } from './components.ts'
import { VTIMEZONES_MAX, ZONES_MAX } from './limits.ts'
import { firstLine, readProperty } from './property.ts'
import { readVtimezone } from './read-vtimezone.ts'

/** The zones of one VCALENDAR: each TZID is resolved once, when first used. */
export type ZoneBook = {
  readonly resolve: (tzid: string) => ResolvedZone
  /** Custom zones that were really used. */
  readonly customZones: () => readonly CustomZone[]
  /** X-WR-TIMEZONE, as written. */
  readonly wrTimezone: string | undefined
  /** The zone for times without one: X-WR-TIMEZONE; undefined when absent or unknown. */
  readonly floatingTzid: () => string | undefined
  /** The zone of the only VTIMEZONE, where there is exactly one: the best guess of where the author was. */
  readonly onlyTzid: () => string | undefined
}

export function openZoneBook(root: RawComponent, warn: (warning: CalendarWarning) => void): ZoneBook {
  let read: ReadonlyMap<string, Vtimezone> | undefined
  const vtimezones = (): ReadonlyMap<string, Vtimezone> => (read ??= readVtimezones(root))
  const resolved = new Map<string, ResolvedZone>()
  const custom = new Map<string, CustomZone>()
  let span: Span | undefined
  const wrLine = firstLine(root, 'X-WR-TIMEZONE')
  const wrTimezone = wrLine === undefined ? undefined : readProperty(wrLine).value.trim()

  function resolve(tzid: string): ResolvedZone {
    const known = resolved.get(tzid)
    if (known !== undefined) return known
    if (resolved.size >= ZONES_MAX) return { kind: 'unknown' }
    const zone = byName(tzid) ?? named(byRules(tzid))
    if (zone.kind === 'custom') custom.set(zone.zone.tzid, zone.zone)
    if ((zone.kind === 'iana' || zone.kind === 'custom') && zone.warning !== undefined) warn(zone.warning)
    resolved.set(tzid, zone)
    return zone
  }

  function byRules(tzid: string): ResolvedZone {
    const vtimezone = vtimezones().get(keyOf(tzid))
    if (vtimezone !== undefined) span ??= spanOf(root)
    return resolveZone(tzid, vtimezone, span)
  }

  function floatingTzid(): string | undefined {
    const zone = wrTimezone === undefined || wrTimezone === '' ? undefined : resolve(wrTimezone)
    if (zone === undefined || zone.kind === 'unknown') return undefined
    if (zone.kind === 'utc') return 'UTC'
    return zone.kind === 'iana' ? zone.tzid : zone.zone.tzid
  }

  const onlyTzid = () => (vtimezones().size === 1 ? [...vtimezones().values()][0]?.tzid : undefined)
  return { resolve, customZones: () => [...custom.values()], wrTimezone, floatingTzid, onlyTzid }
}

/** A name that a table knows beats any VTIMEZONE (case 20), so none need be read for it; undefined for every other name. */
function byName(tzid: string): ResolvedZone | undefined {
  const zone = resolveZone(tzid)
  return zone.kind === 'iana' && zone.warning === undefined ? zone : undefined
}

function readVtimezones(root: RawComponent): ReadonlyMap<string, Vtimezone> {
  const vtimezones = new Map<string, Vtimezone>()
  for (const component of root.children.filter(({ name }) => name === 'VTIMEZONE').slice(0, VTIMEZONES_MAX)) {
    const vtimezone = readVtimezone(component)
    if (vtimezone !== undefined && !vtimezones.has(keyOf(vtimezone.tzid))) {
      vtimezones.set(keyOf(vtimezone.tzid), vtimezone)
    }
  }
  return vtimezones
}

/** Clients quote a TZID in one place and not in the other, and change its case. */
function keyOf(tzid: string): string {
  return tzid.replaceAll('"', '').trim().toLowerCase()
}

/**
 * Two mails may both say "Customized Time Zone" and mean different rules, and both may end in one series: the rules' hash in the
 * name keeps them apart. The rest is what can be written as a TZID without quotes.
 */
function named(zone: ResolvedZone): ResolvedZone {
  if (zone.kind !== 'custom') return zone
  const hash = createHash('sha256').update(JSON.stringify(zone.zone.observances)).digest('hex').slice(0, 8)
  const plain = zone.zone.tzid.replaceAll(/[^A-Za-z0-9+]+/g, '-').replaceAll(/^-+|-+$/g, '')
  return { ...zone, zone: { ...zone.zone, tzid: `${plain.slice(0, 48) || 'Zone'}.${hash}` } }
}

/** Years an unlimited series is checked against a zone's rules for. */
const OPEN_SERIES_YEARS = 5

/** From the first year any VEVENT names to the last it needs. */
function spanOf(root: RawComponent): Span {
  const lines = root.children.filter(({ name }) => name === 'VEVENT').flatMap((vevent) => vevent.lines)
  const years = lines.flatMap((line) => (TIME_LINES.has(line.name) ? yearsIn(line.text) : []))
  const from = Math.min(...years.slice(0, YEARS_LOOKED_AT), 9999)
  const fromYear = from === 9999 ? 2020 : from
  const isOpen = lines.some((line) => line.name === 'RRULE' && !/UNTIL=/i.test(line.text))
  const toYear = Math.max(...years.slice(0, YEARS_LOOKED_AT), fromYear + (isOpen ? OPEN_SERIES_YEARS : 0))
  return { fromMs: Date.UTC(fromYear, 0, 1), toMs: Date.UTC(toYear, 11, 31) }
}

const TIME_LINES = new Set(['DTSTART', 'DTEND', 'RRULE'])

/** Spread arguments live on the stack; the first few thousand times are span enough. */
const YEARS_LOOKED_AT = 5000

function yearsIn(text: string): readonly number[] {
  const year = Number(/(?::|UNTIL=)(\d{4})-?\d\d-?\d\d/i.exec(text)?.[1] ?? '0')
  return year === 0 ? [] : [year]
}
